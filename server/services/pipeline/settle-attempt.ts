import type { OrgTx } from '../../db/connect.ts';
import { isStageOver } from '../../domain/pipeline/pipeline-state.ts';
import type { StageOutcome } from '../../domain/pipeline/stage-outcome.ts';
import { isRunOver, runOutcome } from '../../domain/runs/run-state.ts';
import { endAttempt } from './end-attempt.ts';

type Settling = { orgId: string; now: Date; pipelineRunId: string };

/** Ends the open attempt when what it stands for is over: its run ended, or its approval was decided. */
export async function settleAttempt(tx: OrgTx, { orgId, now, pipelineRunId }: Settling): Promise<void> {
  const open = await tx.stageAttempt.findFirst({
    where: { orgId, pipelineRunId, parentRunId: null },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
  });
  if (!open || isStageOver(open.status)) return;
  if (open.kind === 'agent') {
    const ended = await endedRun(tx, orgId, open.id);
    if (ended) await endAttempt(tx, { orgId, now, attemptId: open.id, ...ended });
  } else if (open.kind === 'approval') {
    const outcome = await decidedApproval(tx, orgId, open.id);
    if (outcome) await endAttempt(tx, { orgId, now, attemptId: open.id, outcome });
  }
}

async function endedRun(
  tx: OrgTx,
  orgId: string,
  stageAttemptId: string,
): Promise<{ outcome: StageOutcome; stopped: boolean } | null> {
  const run = await tx.run.findUnique({ where: { orgId_stageAttemptId: { orgId, stageAttemptId } } });
  if (!run || !isRunOver(run.status)) return null;
  const { reason, detail } = runOutcome.parse(run.outcome);
  const review = await tx.review.findFirst({ where: { orgId, stageAttemptId }, orderBy: { id: 'desc' } });
  const decided = review ? { id: review.id, verdict: review.verdict } : null;
  return { outcome: { kind: 'agent', reason, detail, review: decided }, stopped: run.status === 'stopped' };
}

async function decidedApproval(tx: OrgTx, orgId: string, stageAttemptId: string): Promise<StageOutcome | null> {
  const row = await tx.approval.findFirst({
    where: { orgId, stageAttemptId, kind: 'merge' },
    orderBy: { id: 'desc' },
    include: { votes: { orderBy: { id: 'desc' }, take: 1 } },
  });
  if (!row || row.status === 'pending' || row.status === 'expired') return null;
  const said = [row.answer ?? '', row.votes[0]?.reason ?? ''].filter((part) => part.trim() !== '').join('\n');
  const reason = row.status === 'voided' ? 'What was approved is no longer what would be merged.' : said;
  const rework = row.rework ? { rework: true } : {};
  return { kind: 'approval', approvalId: row.id, decision: row.status, reason, ...rework };
}
