import type { Metadata } from 'next';
import { AuditPage } from '../../../../components/audit/audit-page.tsx';
import { prepared } from '../../../prepared.tsx';

export const metadata: Metadata = { title: 'Audit' };

export default async function Page({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  return prepared(
    `/${org}/audit`,
    (trpc, load) => [load(trpc.audit.events.queryOptions({ org, limit: 100 }))],
    <AuditPage org={org} />,
  );
}
