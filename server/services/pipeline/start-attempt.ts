import type { BusEvent } from '../../../inngest/bus/events.ts';
import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import type { Stage } from '../../domain/pipeline/pipeline-history.ts';
import { inputOf, stageInput, type StageCause, type StageInput } from '../../domain/pipeline/stage-input.ts';
import type { Waits } from '../../domain/runs/run-state.ts';
import { askForMerge } from './ask-for-merge.ts';
import { startRun } from './start-run.ts';
import { platform, type ModelOffer } from './work-context.ts';

export type Starting = {
  orgId: string;
  now: Date;
  offer: ModelOffer;
  pipelineRunId: string;
  stage: Stage;
  attempt: number;
  cause: StageCause;
};

/** What the pipeline run waits for from now on, and what to send once all this is committed. */
export type Started = { waits: Waits | null; events: BusEvent[] };

/** Opens a stage attempt and whatever does its work: a run, an approval, a check or a merge. */
export async function startAttempt(tx: OrgTx, starting: Starting): Promise<Started> {
  const { orgId, now, pipelineRunId, stage, attempt, cause } = starting;
  const change = await tx.change.findUniqueOrThrow({ where: { orgId_pipelineRunId: { orgId, pipelineRunId } } });
  const input = inputOf(cause, change, await inputBefore(tx, starting));
  const id = newId('stageAttempt');
  const status = stage.kind === 'approval' ? 'waiting' : 'queued';
  await tx.stageAttempt.create({
    data: { orgId, id, pipelineRunId, stage: stage.name, kind: stage.kind, attempt, status, input, startedAt: now },
  });
  const payload = { pipelineRunId, stageAttemptId: id, stage: stage.name, attempt };
  await appendOrgEvents(tx, { orgId, actor: platform, at: now, events: [{ kind: 'stage.started', payload }] });

  switch (stage.kind) {
    case 'agent':
      return startRun(tx, { ...starting, stageAttemptId: id });
    case 'check':
      return { waits: null, events: [{ name: 'check/requested', data: { orgId, stageAttemptId: id } }] };
    case 'merge':
      return { waits: null, events: [{ name: 'merge/requested', data: { orgId, stageAttemptId: id } }] };
    case 'approval':
      return askForMerge(tx, { orgId, now, pipelineRunId, stageAttemptId: id });
  }
}

/** The input of the attempt that the cause names, where it was one of this very stage. */
async function inputBefore(tx: OrgTx, { orgId, stage, cause }: Starting): Promise<StageInput | null> {
  if (cause.from !== 'again' && cause.from !== 'person' && cause.from !== 'turn') return null;
  const before = await tx.stageAttempt.findUnique({ where: { orgId_id: { orgId, id: cause.attemptId } } });
  return before?.stage === stage.name ? stageInput.parse(before.input) : null;
}
