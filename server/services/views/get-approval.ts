import { AppError } from '../../domain/errors.ts';
import type { ApprovalView } from '../../domain/views/views.ts';
import { approvalInclude, approvalViews } from './approval-row.ts';
import { definitionView } from './definition-view.ts';
import type { ViewQuery } from './view-query.ts';

/** One approval as the viewer sees it. Throws `not_found`. */
export async function getApproval(query: ViewQuery, { approvalId }: { approvalId: string }): Promise<ApprovalView> {
  const row = await query.db.approval.findUnique({
    where: { orgId_id: { orgId: query.orgId, id: approvalId } },
    include: approvalInclude,
  });
  const [view] = await approvalViews(query, row === null ? [] : [row]);
  if (view === undefined) throw new AppError('not_found', 'There is no such approval in this org.');
  const { subject } = view;
  return subject.kind === 'definition' ? { ...view, definition: await definitionView(query, subject) } : view;
}
