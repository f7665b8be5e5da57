import type { Prisma } from '../../db/generated/client.ts';
import { checkEvidence } from '../../domain/checks/evidence.ts';
import { AppError } from '../../domain/errors.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import type { ChangeView, CheckView } from '../../domain/views/views.ts';
import { approvalInclude, approvalViews } from './approval-row.ts';
import { changeInclude, changeListItem } from './change-row.ts';
import { cutDiff } from './cut-diff.ts';
import { gatesOf } from './gates.ts';
import { reviewViews } from './review-views.ts';
import type { ViewQuery } from './view-query.ts';

const include = {
  ...changeInclude,
  checks: { orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] },
  reviews: {
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    include: { stageAttempt: { include: { run: { include: { agent: true } } } } },
  },
} satisfies Prisma.ChangeInclude;

/** One change with its diff and all that was verified, judged and decided about it. Throws `not_found`. */
export async function getChange(
  query: ViewQuery & { codeHost: CodeHost },
  { changeId }: { changeId: string },
): Promise<ChangeView> {
  const { db, orgId, codeHost } = query;
  const row = await db.change.findUnique({ where: { orgId_id: { orgId, id: changeId } }, include });
  if (row === null) throw new AppError('not_found', 'There is no such change in this org.');
  const asked = await db.approval.findMany({
    where: { orgId, pipelineRunId: row.pipelineRunId },
    include: approvalInclude,
    orderBy: { createdAt: 'asc' },
  });
  const approvals = await approvalViews(query, asked);
  const checks = row.checks.map(checkView);
  const reviews = reviewViews(row.reviews);
  const whole = row.head === null ? '' : await codeHost.diff({ mirror: row.repoId, base: row.base, head: row.head });
  const { diff, cut } = cutDiff(whole);
  return {
    ...changeListItem(row),
    taskId: row.pipelineRun.task.id,
    taskNumber: row.pipelineRun.task.number,
    pipelineRunId: row.pipelineRunId,
    repoId: row.repoId,
    target: row.target,
    base: row.base,
    head: row.head,
    merged: row.merged,
    diff,
    diffCut: cut,
    checks,
    reviews,
    approvals,
    gates: gatesOf({ head: row.head, checks, reviews, approvals }),
  };
}

type CheckRow = { id: string; commit: string; verdict: CheckView['verdict']; evidence: unknown; createdAt: Date };

function checkView({ id, commit, verdict, evidence, createdAt }: CheckRow): CheckView {
  return { id, commit, verdict, evidence: checkEvidence.parse(evidence), createdAt: createdAt.toISOString() };
}
