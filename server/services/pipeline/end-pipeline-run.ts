import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import { Prisma } from '../../db/generated/client.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import { pipelineRunStatusesBefore, type PipelineOutcome } from '../../domain/pipeline/pipeline-state.ts';
import { platform } from './work-context.ts';

export type EndingPipelineRun = {
  orgId: string;
  now: Date;
  pipelineRunId: string;
  status: 'succeeded' | 'failed' | 'stopped';
  outcome: PipelineOutcome;
};

/** Ends a pipeline run: closes an unmerged change, voids what nobody needs to decide any more. */
export async function endPipelineRun(tx: OrgTx, ending: EndingPipelineRun): Promise<void> {
  const { orgId, now, pipelineRunId, status, outcome } = ending;
  await tx.pipelineRun.updateMany({
    where: { orgId, id: pipelineRunId, status: { in: pipelineRunStatusesBefore(status) } },
    data: { status, outcome, waits: Prisma.DbNull, endedAt: now, updatedAt: now },
  });
  await tx.change.updateMany({
    where: { orgId, pipelineRunId, status: 'open' },
    data: { status: 'closed', updatedAt: now },
  });
  const events = await voidOpenApprovals(tx, ending);
  const payload = { pipelineRunId, status, reason: outcome.reason, detail: outcome.detail };
  events.push({ kind: 'pipeline-run.ended', payload });
  await appendOrgEvents(tx, { orgId, actor: platform, at: now, events });
}

async function voidOpenApprovals(tx: OrgTx, { orgId, now, pipelineRunId }: EndingPipelineRun): Promise<OrgEvent[]> {
  const open = await tx.approval.findMany({ where: { orgId, pipelineRunId, status: 'pending' }, select: { id: true } });
  const events: OrgEvent[] = [];
  for (const { id } of open) {
    const voided = await tx.approval.updateMany({
      where: { orgId, id, status: 'pending' },
      data: { status: 'voided', decidedAt: now },
    });
    if (voided.count === 0) continue;
    const reason = 'The pipeline run ended.';
    events.push({ kind: 'approval.closed', payload: { approvalId: id, status: 'voided', reason } });
  }
  return events;
}
