import type { Metadata } from 'next';
import { ApprovalList } from '../../../../components/approvals/approval-list.tsx';
import { prepared } from '../../../prepared.tsx';

export const metadata: Metadata = { title: 'Approvals' };

export default async function Page({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  return prepared(
    `/${org}/approvals`,
    (trpc, load) => [load(trpc.approvals.list.queryOptions({ org }))],
    <ApprovalList org={org} />,
  );
}
