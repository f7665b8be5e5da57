import type { Metadata } from 'next';
import { AuditPage } from '../../../../components/audit/audit-page.tsx';
import { prepared } from '../../../prepared.tsx';

export const metadata: Metadata = { title: 'Audit' };

type Props = { params: Promise<{ org: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function Page({ params, searchParams }: Props) {
  const { org } = await params;
  const asked = new URLSearchParams(Object.entries(await searchParams).map(([name, value]) => [name, String(value)]));
  const here = asked.size === 0 ? `/${org}/audit` : `/${org}/audit?${asked.toString()}`;
  return prepared(here, (trpc, load) => [load(trpc.audit.standing.queryOptions({ org }))], <AuditPage org={org} />);
}
