import type { Metadata } from 'next';
import { ApprovalPage } from '../../../../../components/approvals/approval-page.tsx';
import { prepared } from '../../../../prepared.tsx';

export const metadata: Metadata = { title: 'Approval' };

export default async function Page({ params }: { params: Promise<{ org: string; approvalId: string }> }) {
  const { org, approvalId } = await params;
  return prepared(
    `/${org}/approvals/${approvalId}`,
    (trpc, load) => [load(trpc.approvals.get.queryOptions({ org, approvalId }))],
    <ApprovalPage org={org} approvalId={approvalId} />,
  );
}
