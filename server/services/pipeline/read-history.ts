import type { OrgTx } from '../../db/connect.ts';
import { pipelineDefinition } from '../../domain/pipeline/definition.ts';
import type { Attempt, Escalation, PipelineHistory } from '../../domain/pipeline/pipeline-history.ts';
import { stageInput } from '../../domain/pipeline/stage-input.ts';
import { stageOutcome } from '../../domain/pipeline/stage-outcome.ts';
import { approvalSubject } from '../../domain/approval/subject.ts';

type AttemptRow = {
  id: string;
  stage: string;
  attempt: number;
  status: Attempt['status'];
  input: unknown;
  outcome: unknown;
};

/** Everything `nextStep` looks at, read in the transaction that acts on it. */
export async function readHistory(
  tx: OrgTx,
  { orgId, pipelineRunId }: { orgId: string; pipelineRunId: string },
): Promise<PipelineHistory> {
  const run = await tx.pipelineRun.findUniqueOrThrow({ where: { orgId_id: { orgId, id: pipelineRunId } } });
  const attempts = await tx.stageAttempt.findMany({
    where: { orgId, pipelineRunId, parentRunId: null },
    orderBy: [{ startedAt: 'asc' }, { id: 'asc' }],
  });
  const asked = await tx.approval.findMany({
    where: { orgId, pipelineRunId, kind: 'escalation', status: { in: ['pending', 'approved', 'denied'] } },
    orderBy: { id: 'asc' },
    include: { votes: { orderBy: { id: 'desc' }, take: 1 } },
  });
  return {
    definition: pipelineDefinition.parse(run.definition),
    attempts: attempts.map(readAttempt),
    escalations: asked.flatMap(({ stageAttemptId, ...row }) =>
      stageAttemptId === null ? [] : readEscalation({ ...row, stageAttemptId, reason: row.votes[0]?.reason ?? '' }),
    ),
  };
}

function readAttempt(row: AttemptRow): Attempt {
  return {
    id: row.id,
    stage: row.stage,
    attempt: row.attempt,
    status: row.status,
    cause: stageInput.parse(row.input).cause,
    outcome: row.outcome === null ? null : stageOutcome.parse(row.outcome),
  };
}

function readEscalation(row: {
  id: string;
  stageAttemptId: string;
  status: string;
  subject: unknown;
  answer: string | null;
  reason: string;
}): Escalation {
  const subject = approvalSubject.parse(row.subject);
  if (subject.kind !== 'escalation') throw new Error(`approval ${row.id} is no escalation`);
  return {
    approvalId: row.id,
    attemptId: row.stageAttemptId,
    status: row.status as Escalation['status'],
    reason: subject.reason,
    retryStage: subject.retryStage,
    note: [row.answer ?? '', row.reason].filter((part) => part.trim() !== '').join('\n'),
  };
}
