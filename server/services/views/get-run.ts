import { AppError } from '../../domain/errors.ts';
import { isId } from '../../domain/ids.ts';
import { isPipelineRunOver, type PipelineRunStatus } from '../../domain/pipeline/pipeline-state.ts';
import { stageInput } from '../../domain/pipeline/stage-input.ts';
import { leaseMs } from '../../domain/runs/lease.ts';
import { whyNotRetry } from '../../domain/runs/retry-rule.ts';
import { runOutcome, type Waits } from '../../domain/runs/run-state.ts';
import { standingOf } from '../../domain/runs/standing.ts';
import type { HelperView, RunView } from '../../domain/views/views.ts';
import { waitsOf } from './pipeline-run-row.ts';
import { runSentence } from './sentences.ts';
import type { ViewQuery } from './view-query.ts';

type RunRow = {
  status: RunView['status'];
  leaseUntil: Date | null;
  createdAt: Date;
  progressAt: Date | null;
  startedAt: Date | null;
};

/** One run with its totals. Throws `not_found`. */
export async function getRun({ db, orgId, now }: ViewQuery, { runId }: { runId: string }): Promise<RunView> {
  const run = await db.run.findUnique({
    where: { orgId_id: { orgId, id: runId } },
    include: {
      agent: { include: { role: true } },
      roleVersion: { select: { version: true } },
      helpers: { include: { run: true }, orderBy: { id: 'asc' } },
      stageAttempt: {
        include: { pipelineRun: { include: { task: { include: { repo: true } }, change: { select: { id: true } } } } },
      },
    },
  });
  if (run === null) throw new AppError('not_found', 'There is no such run in this org.');
  const asked = await db.approval.findFirst({ where: { orgId, runId, status: 'pending' }, select: { id: true } });
  const commands = await db.command.findMany({
    where: { orgId, runId, kind: { in: ['steer', 'pause'] }, acknowledgedAt: null },
    orderBy: { seq: 'asc' },
  });
  const { pipelineRun } = run.stageAttempt;
  const retries = await retriesOf(db, { orgId, run });
  const waits = waitsOf(run);
  const outcome = run.outcome === null ? null : runOutcome.parse(run.outcome);
  const facts = { status: run.status, agent: run.agent.name, started: run.startedAt !== null, waits, outcome };
  return {
    id: run.id,
    taskId: pipelineRun.taskId,
    taskNumber: pipelineRun.task.number,
    taskTitle: pipelineRun.task.title,
    repo: pipelineRun.task.repo.name,
    pipelineRunId: pipelineRun.id,
    changeId: pipelineRun.change?.id ?? null,
    stage: run.stageAttempt.stage,
    attempt: run.stageAttempt.attempt,
    ...hiredAs(run),
    status: run.status,
    sentence: runSentence(facts),
    waits: shownWaits(run, { waits, now }),
    approvalId: asked?.id ?? null,
    ...retries,
    helperOf: run.stageAttempt.parentRunId,
    helpers: run.helpers.flatMap(helperOf),
    pendingMessages: commands.filter(({ kind }) => kind === 'steer').map(messageOf),
    pause: pauseOf(run.status, waits, commands),
    outcome,
    model: run.model,
    scripted: run.scripted,
    turns: run.turns,
    toolCalls: run.toolCalls,
    inputTokens: Number(run.inputTokens),
    outputTokens: Number(run.outputTokens),
    cacheReadTokens: Number(run.cacheReads),
    costMicros: Number(run.costMicros),
    costLimitMicros: Number(run.costLimit),
    secondsUsed: Math.floor(Number(run.millisUsed) / 1_000),
    secondsLimit: run.secondsLimit,
    createdAt: run.createdAt.toISOString(),
    startedAt: run.startedAt?.toISOString() ?? null,
    endedAt: run.endedAt?.toISOString() ?? null,
  };
}

type Hired = {
  agentId: string;
  agentRevision: number | null;
  agent: { name: string; role: { name: string } };
  roleVersion: { version: number };
};

/** Who works on it, and by which revision and version of the role. */
const hiredAs = ({ agentId, agentRevision, agent, roleVersion }: Hired) => ({
  ...{ agent: agent.name, agentId, agentRevision, role: agent.role.name, roleVersion: roleVersion.version },
});

type Helper = {
  input: unknown;
  run: { id: string; status: RunView['status']; millisUsed: bigint; costMicros: bigint; costLimit: bigint } | null;
};

function helperOf({ input, run }: Helper): HelperView[] {
  const { cause } = stageInput.parse(input);
  if (!run || cause.from !== 'delegate') return [];
  return [
    {
      runId: run.id,
      question: cause.question,
      status: run.status,
      secondsUsed: Math.floor(Number(run.millisUsed) / 1_000),
      costMicros: Number(run.costMicros),
      costLimitMicros: Number(run.costLimit),
    },
  ];
}

type Attempt = { id: string; pipelineRunId: string; input: unknown; pipelineRun: { status: PipelineRunStatus } };
type Retried = { orgId: string; run: { id: string; status: RunView['status']; stageAttempt: Attempt } };

/** What this run goes on from, what goes on from it, and whether something may. */
async function retriesOf(db: ViewQuery['db'], { orgId, run }: Retried) {
  const { id: attemptId, pipelineRunId, pipelineRun, input } = run.stageAttempt;
  const cause = stageInput.safeParse(input).data?.cause;
  const by = await db.stageAttempt.findFirst({
    where: { orgId, pipelineRunId, input: { path: ['cause', 'runId'], equals: run.id } },
    include: { run: { select: { id: true } } },
  });
  const newest = { orderBy: [{ startedAt: 'desc' as const }, { id: 'desc' as const }], select: { id: true } };
  const last = await db.stageAttempt.findFirst({ where: { orgId, pipelineRunId, parentRunId: null }, ...newest });
  const command = await db.command.findFirst({ where: { orgId, runId: run.id, kind: 'stop', acknowledgedAt: null } });
  const why = whyNotRetry({
    status: run.status,
    taskOver: isPipelineRunOver(pipelineRun.status),
    last: last?.id === attemptId,
    stopping: command !== null,
  });
  return {
    forkOf: cause?.from === 'turn' ? { runId: cause.runId, turn: cause.turn } : null,
    retriedBy: by?.run?.id ?? null,
    mayBeRetried: why === null,
  };
}

/** What a run that nobody works on waits for; between two slices it is at work. */
function shownWaits(
  { status, leaseUntil, createdAt, progressAt, startedAt }: RunRow,
  { waits, now }: { waits: Waits | null; now: Date },
): Waits | null {
  const since = progressAt ?? createdAt;
  const standing = standingOf({ kind: 'run', status, leaseUntil, waits, since }, now);
  if (standing.over || (status === 'running' && !standing.stale)) return null;
  const between =
    status === 'queued' && waits === null && startedAt !== null && now.getTime() - since.getTime() < leaseMs;
  return between ? null : standing.waits;
}

function messageOf({ id, body, createdAt }: { id: string; body: unknown; createdAt: Date }) {
  return { id, text: (body as { text?: string }).text ?? '', at: createdAt.toISOString() };
}

function pauseOf(status: RunView['status'], waits: RunView['waits'], commands: { kind: string }[]): RunView['pause'] {
  if (status === 'waiting' && waits?.ref && isId('command', waits.ref)) return 'paused';
  return commands.some(({ kind }) => kind === 'pause') ? 'asked' : 'none';
}
