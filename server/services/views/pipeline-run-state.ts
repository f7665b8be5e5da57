import type { BoardColumn, StageView } from '../../domain/views/views.ts';
import { currentAttempt, endOf, outcomeOf, waitsOf, type AttemptRow, type PipelineRunRow } from './pipeline-run-row.ts';
import { stageSentence, waitingFor } from './sentences.ts';

/** Where a card stands: by what its pipeline run waits for. Anything a person must decide comes first. */
export function columnOf(row: PipelineRunRow): BoardColumn {
  if (['succeeded', 'failed', 'stopped'].includes(row.status)) return 'done';
  if (row.approvals.length > 0) return 'needs_you';
  if (row.status === 'waiting') return 'waiting';
  const run = currentAttempt(row)?.run;
  return run?.status === 'queued' && run.startedAt === null && waitsOf(run) !== null ? 'waiting' : 'running';
}

const asked = {
  merge: 'Waiting for a person to approve the merge',
  question: 'The agent asks a question',
  scope: 'The agent asks for more scope',
  blocker: 'The agent is blocked',
  escalation: 'Cannot go on without a person',
  budget: 'The agent asks for more budget',
  definition: 'Waiting for a person to approve a version',
} as const;

/** The pipeline run's state in plain words. */
export function pipelineRunSentence(row: PipelineRunRow): string {
  const end = endOf(row);
  if (end !== null) return end;
  const approval = row.approvals[0];
  if (approval !== undefined) return asked[approval.kind];
  const waits = waitsOf(row);
  if (row.status === 'waiting' && waits !== null) return waitingFor(waits);
  const attempt = currentAttempt(row);
  if (attempt === null) return 'Waiting for a worker to start it';
  const round = attempt.attempt > 1 ? `, attempt ${attempt.attempt}` : '';
  return `${attemptSentence(attempt)} (${attempt.stage}${round})`;
}

function attemptSentence(attempt: AttemptRow): string {
  return stageSentence({
    kind: attempt.kind,
    status: attempt.status,
    agent: attempt.run?.agent.name ?? null,
    waits: attempt.run === null ? null : waitsOf(attempt.run),
    outcome: outcomeOf(attempt),
  });
}

export function stageView(attempt: AttemptRow, row: PipelineRunRow): StageView {
  const outcome = outcomeOf(attempt);
  const pending = row.approvals.find(({ stageAttemptId }) => stageAttemptId === attempt.id);
  return {
    id: attempt.id,
    stage: attempt.stage,
    kind: attempt.kind,
    attempt: attempt.attempt,
    status: attempt.status,
    sentence: attemptSentence(attempt),
    startedAt: attempt.startedAt.toISOString(),
    endedAt: attempt.endedAt?.toISOString() ?? null,
    runId: attempt.run?.id ?? null,
    approvalId: outcome?.kind === 'approval' ? outcome.approvalId : (pending?.id ?? null),
    checkVerdict: outcome?.kind === 'check' ? outcome.verdict : null,
  };
}

/** When the pipeline run last got anywhere. */
export function progressOf(row: PipelineRunRow): Date {
  const times = row.attempts.flatMap(({ startedAt, endedAt, run }) => [startedAt, endedAt, run?.progressAt]);
  const latest = Math.max(row.createdAt.getTime(), ...times.map((time) => time?.getTime() ?? 0));
  return new Date(latest);
}

export function isScripted(row: PipelineRunRow): boolean {
  return row.attempts.some(({ run }) => run?.scripted === true);
}
