import type { Metadata } from 'next';
import { RetentionPage } from '../../../../../components/retention/retention-page.tsx';
import { prepared } from '../../../../prepared.tsx';

export const metadata: Metadata = { title: 'Retention' };

export default async function Page({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  return prepared(
    `/${org}/settings/retention`,
    (trpc, load) => [load(trpc.retention.get.queryOptions({ org }))],
    <RetentionPage org={org} />,
  );
}
