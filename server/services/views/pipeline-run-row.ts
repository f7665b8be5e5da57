import type { Prisma } from '../../db/generated/client.ts';
import { isPipelineRunOver, pipelineOutcome } from '../../domain/pipeline/pipeline-state.ts';
import { stageOutcome, type StageOutcome } from '../../domain/pipeline/stage-outcome.ts';
import { waits, type Waits } from '../../domain/runs/run-state.ts';

/** Everything a card, a task page and a list need of a pipeline run, in one read. */
export const pipelineRunInclude = {
  task: { include: { repo: true } },
  attempts: {
    where: { parentRunId: null },
    orderBy: [{ startedAt: 'asc' }, { id: 'asc' }],
    omit: { input: true },
    include: { run: { include: { agent: { select: { name: true } } } } },
  },
  approvals: { where: { status: 'pending' }, orderBy: { createdAt: 'asc' } },
  change: { select: { id: true } },
} satisfies Prisma.PipelineRunInclude;

export type PipelineRunRow = Prisma.PipelineRunGetPayload<{ include: typeof pipelineRunInclude }>;
export type AttemptRow = PipelineRunRow['attempts'][number];

export function outcomeOf(attempt: { outcome: unknown }): StageOutcome | null {
  return attempt.outcome === null ? null : stageOutcome.parse(attempt.outcome);
}

export function waitsOf(row: { waits: unknown }): Waits | null {
  return row.waits === null ? null : waits.parse(row.waits);
}

/** Why the pipeline run ended, as a sentence; null while it goes on. */
export function endOf(row: PipelineRunRow): string | null {
  if (!isPipelineRunOver(row.status)) return null;
  const outcome = row.outcome === null ? null : pipelineOutcome.parse(row.outcome);
  return outcome?.detail ?? null;
}

/** The attempt that is going on, else the last one. */
export function currentAttempt(row: PipelineRunRow): AttemptRow | null {
  const open = row.attempts.filter(({ status }) => ['queued', 'running', 'waiting'].includes(status));
  return open.at(-1) ?? row.attempts.at(-1) ?? null;
}

/** Money and run time over all runs of the pipeline run, beside the task's limits. */
export function spendOf(row: PipelineRunRow) {
  const runs = row.attempts.flatMap(({ run }) => (run === null ? [] : [run]));
  return {
    costMicros: Number(runs.reduce((sum, run) => sum + run.costMicros, 0n)),
    costLimitMicros: Number(row.task.costLimit),
    secondsUsed: Math.floor(Number(runs.reduce((sum, run) => sum + run.millisUsed, 0n)) / 1_000),
    secondsLimit: row.task.secondsLimit,
  };
}
