import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import { stageStatusesBefore, type StageStatus } from '../../domain/pipeline/pipeline-state.ts';
import { outcomePasses, type StageOutcome } from '../../domain/pipeline/stage-outcome.ts';
import { platform } from './work-context.ts';

export type EndedAttempt = {
  orgId: string;
  now: Date;
  attemptId: string;
  outcome: StageOutcome;
  /** Where the caller holds the attempt's lease: only its holder may end it. */
  leaseOwner?: string;
  stopped?: boolean;
  /** Events that belong into the same entry of the org's stream, before the end. */
  events?: OrgEvent[];
};

/** Ends a stage attempt once. Throws `conflict` when it is over already, `lease_lost` when another worker holds it. */
export async function endAttempt(tx: OrgTx, ended: EndedAttempt): Promise<void> {
  const { orgId, now, attemptId, outcome, leaseOwner } = ended;
  const status: StageStatus = ended.stopped ? 'stopped' : outcomePasses(outcome) ? 'passed' : 'failed';
  const moved = await tx.stageAttempt.updateMany({
    where: {
      orgId,
      id: attemptId,
      status: { in: stageStatusesBefore(status) },
      ...(leaseOwner === undefined ? {} : { leaseOwner }),
    },
    data: { status, outcome, endedAt: now, leaseOwner: null, leaseUntil: null },
  });
  if (moved.count === 0) {
    const code = leaseOwner === undefined ? 'conflict' : 'lease_lost';
    throw new AppError(code, 'This stage is over already, or another worker has taken it.', { attemptId });
  }
  const row = await tx.stageAttempt.findUniqueOrThrow({ where: { orgId_id: { orgId, id: attemptId } } });
  const end: OrgEvent = {
    kind: 'stage.ended',
    payload: {
      pipelineRunId: row.pipelineRunId,
      stageAttemptId: row.id,
      stage: row.stage,
      attempt: row.attempt,
      status,
      reason: reasonOf(outcome),
    },
  };
  await appendOrgEvents(tx, { orgId, actor: platform, at: now, events: [...(ended.events ?? []), end] });
}

function reasonOf(outcome: StageOutcome): string {
  switch (outcome.kind) {
    case 'agent':
      return outcome.review?.verdict ?? outcome.reason;
    case 'check':
      return outcome.verdict;
    case 'approval':
      return outcome.decision;
    case 'merge':
      return outcome.result;
  }
}
