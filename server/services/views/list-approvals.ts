import type { ApprovalView } from '../../domain/views/views.ts';
import { approvalInclude, approvalViews } from './approval-row.ts';
import type { ViewQuery } from './view-query.ts';

const shown = 200;

/** Approvals, those that wait longest first among the pending, else the newest first. */
export async function listApprovals(
  query: ViewQuery,
  { status }: { status?: ApprovalView['status'] | undefined },
): Promise<ApprovalView[]> {
  const rows = await query.db.approval.findMany({
    where: { orgId: query.orgId, ...(status === undefined ? {} : { status }) },
    include: approvalInclude,
    orderBy: { createdAt: status === 'pending' ? 'asc' : 'desc' },
    take: shown,
  });
  return approvalViews(query, rows);
}
