import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import { Prisma } from '../../db/generated/client.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import { pipelineRunStatusesBefore, type PipelineOutcome } from '../../domain/pipeline/pipeline-state.ts';
import { voidApprovals } from '../approvals/void-approvals.ts';
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
  await voidApprovals(tx, { orgId, now, pipelineRunId, reason: 'The pipeline run ended.' });
  const payload = { pipelineRunId, status, reason: outcome.reason, detail: outcome.detail };
  const events: OrgEvent[] = [{ kind: 'pipeline-run.ended', payload }];
  await appendOrgEvents(tx, { orgId, actor: platform, at: now, events });
}
