import type { BusEvent } from '../../../inngest/bus/events.ts';
import { appendOrgEvents, openRunStream } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import { Prisma } from '../../db/generated/client.ts';
import { AppError } from '../../domain/errors.ts';
import { requesterOf } from '../../domain/events/actor.ts';
import { pipelineDefinition } from '../../domain/pipeline/definition.ts';
import { startStage } from '../../domain/pipeline/pipeline-history.ts';
import { isPipelineRunOver } from '../../domain/pipeline/pipeline-state.ts';
import type { StageCause } from '../../domain/pipeline/stage-input.ts';
import { whyNotRetry } from '../../domain/runs/retry-rule.ts';
import { runOutcome } from '../../domain/runs/run-state.ts';
import { turnPoint, type TurnPoint } from '../../domain/runs/turn-point.ts';
import { settingsAt } from '../agents/revise-agent.ts';
import { voidApprovals } from '../approvals/void-approvals.ts';
import { refuseWhileGoing } from '../orgs/org-deletion.ts';
import { lockPipelineRun } from '../pipeline/lock-pipeline-run.ts';
import { readHistory } from '../pipeline/read-history.ts';
import { sendAfterCommit } from '../pipeline/send-after-commit.ts';
import { settleAttempt } from '../pipeline/settle-attempt.ts';
import { startAttempt } from '../pipeline/start-attempt.ts';
import type { ActorContext, ModelOffer } from '../pipeline/work-context.ts';
import { findStop } from './find-stop.ts';
import { finishIn } from './finish-run.ts';
import { lockRun } from './lock-run.ts';
import { readRunLog } from './read-run-log.ts';
import { totalsOfRow } from './run-totals.ts';

type Retrying = Omit<ActorContext, 'database' | 'bus'> & {
  offer: ModelOffer;
  runId: string;
  turn: number;
  note: string;
};

/**
 * Has a run's work done again from the end of a turn on: a new attempt at its stage, whose run goes on from that turn's
 * log and work tree. Where the run waits for a person it ends first. Throws `not_found`, and `conflict` saying why not.
 */
export async function retryRun(
  { database, bus, ...context }: ActorContext & { offer: ModelOffer },
  { runId, turn, note }: { runId: string; turn: number; note: string },
): Promise<{ runId: string }> {
  if (requesterOf(context.actor) === null) {
    throw new AppError('forbidden', 'Only a person or a service account can retry a run.');
  }
  const { events, ...retried } = await database.transaction(context.orgId, (tx) =>
    retryIn(tx, { ...context, runId, turn, note: note.trim() }),
  );
  await sendAfterCommit(bus, events);
  return retried;
}

async function retryIn(tx: OrgTx, retrying: Retrying): Promise<{ runId: string; events: BusEvent[] }> {
  const { orgId, now, actor, runId, turn, note } = retrying;
  const run = await lockedRun(tx, retrying);
  await refuseWhileGoing(tx, orgId);
  const { pipelineRunId, pipelineRun } = run.stageAttempt;
  const { own, runs } = await readRunLog(tx, { orgId, runId });
  await assertWhole(tx, { orgId, runs });
  const point = turnPoint(own, turn);
  if (!point) throw new AppError('conflict', 'The work tree of this turn was not kept. Choose another turn.');
  const freed = run.status === 'waiting' ? await endWaiting(tx, retrying, run) : [];
  await settleAttempt(tx, { orgId, now, pipelineRunId });
  await voidApprovals(tx, {
    orgId,
    now,
    pipelineRunId,
    reason: `A person had the run go on from turn ${turn} instead.`,
  });
  const started = await startAgain(tx, retrying, { run, point });
  await tx.pipelineRun.updateMany({
    where: { orgId, id: pipelineRunId, status: { in: [pipelineRun.status, 'running', 'waiting'] } },
    data: { status: 'running', waits: Prisma.DbNull, updatedAt: now },
  });
  const payload = { runId, turn, newRunId: started.runId, note };
  await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'run.retried', payload }] });
  // What erases does so behind the lock that was just taken, and passes over what is worked on again from here.
  await assertWhole(tx, { orgId, runs });
  return { runId: started.runId, events: [...freed, ...started.events] };
}

/** Throws `conflict` where payloads of these runs are gone: nothing can go on from there. */
async function assertWhole(tx: OrgTx, { orgId, runs }: { orgId: string; runs: string[] }): Promise<void> {
  const erased = await tx.erasure.count({ where: { orgId, stream: { kind: 'run', subject: { in: runs } } } });
  if (erased === 0) return;
  throw new AppError('conflict', 'Part of this run’s log was erased, so nothing can go on from it. File a new task.');
}

type LockedRun = Awaited<ReturnType<typeof lockedRun>>;

/** The run under its locks, where it may be retried. */
async function lockedRun(tx: OrgTx, { orgId, runId }: Retrying) {
  const where = { orgId_id: { orgId, id: runId } };
  const found = await tx.run.findUnique({ where, include: { stageAttempt: true } });
  if (!found) throw new AppError('not_found', 'There is no such run.');
  const { pipelineRunId } = found.stageAttempt;
  await lockPipelineRun(tx, { orgId, pipelineRunId });
  await lockRun(tx, { orgId, runId });
  const run = await tx.run.findUniqueOrThrow({
    where,
    include: { stageAttempt: { include: { pipelineRun: { include: { task: true } } } } },
  });
  const last = await lastAttempt(tx, { orgId, pipelineRunId });
  const why = whyNotRetry({
    status: run.status,
    taskOver: isPipelineRunOver(run.stageAttempt.pipelineRun.status),
    last: last === run.stageAttemptId,
    stopping: (await findStop(tx, { orgId, runId })) !== null,
  });
  if (why) throw new AppError('conflict', why);
  return run;
}

async function lastAttempt(tx: OrgTx, of: { orgId: string; pipelineRunId: string }): Promise<string | undefined> {
  const where = { ...of, parentRunId: null };
  const last = await tx.stageAttempt.findFirst({ where, orderBy: [{ startedAt: 'desc' }, { id: 'desc' }] });
  return last?.id;
}

/** Nobody holds a run that waits: it is taken, so that whoever held it can write nothing more, and ended. */
async function endWaiting(tx: OrgTx, { orgId, now, runId, turn }: Retrying, run: LockedRun): Promise<BusEvent[]> {
  const generation = run.leaseGeneration + 1;
  await tx.run.updateMany({
    where: { orgId, id: runId, status: 'waiting' },
    data: { status: 'queued' },
  });
  await tx.run.updateMany({
    where: { orgId, id: runId, status: 'queued' },
    data: { status: 'running', leaseGeneration: generation },
  });
  await openRunStream(tx, { orgId, runId });
  return finishIn(tx, {
    now,
    claim: { orgId, runId, generation },
    onBehalfOf: run.stageAttempt.pipelineRun.task.requesterId,
    events: [],
    totals: totalsOfRow(run),
    outcome: { reason: 'retried', detail: `A person had another run go on from turn ${turn}.` },
  });
}

type Revised = { orgId: string; agentId: string; agentRevision: number | null };

async function instructionsOf(tx: OrgTx, { orgId, agentId, agentRevision: number }: Revised): Promise<string> {
  const settings = number === null ? null : await settingsAt(tx, { orgId, agentId, number });
  return settings?.instructions ?? '';
}

type From = { run: LockedRun; point: TurnPoint };

async function startAgain(tx: OrgTx, retrying: Retrying, { run, point }: From) {
  const { orgId, now, offer, runId, note } = retrying;
  const { id: attemptId, stage, pipelineRunId, pipelineRun } = run.stageAttempt;
  const history = await readHistory(tx, { orgId, pipelineRunId });
  const cause: StageCause = { from: 'turn', attemptId, runId, ...point, note };
  const step = startStage({ ...history, definition: pipelineDefinition.parse(pipelineRun.definition) }, stage, cause);
  if (step.do !== 'start') throw new AppError('conflict', 'The pipeline has no such stage any more.');
  const { events } = await startAttempt(tx, { orgId, now, offer, pipelineRunId, ...step });
  const id = await lastAttempt(tx, { orgId, pipelineRunId });
  const attempt = await tx.stageAttempt.findUniqueOrThrow({
    where: { orgId_id: { orgId, id: id! } },
    include: { run: true },
  });
  // Thrown, all of it is undone: nothing has ended and nothing was started.
  if (!attempt.run) throw new AppError('conflict', runOutcome.parse(attempt.outcome).detail);
  const { roleVersionId, agentId, model: named } = attempt.run;
  const told = (of: { agentId: string; agentRevision: number | null }) => instructionsOf(tx, { orgId, ...of });
  const same = roleVersionId === run.roleVersionId && agentId === run.agentId && named === run.model;
  if (!same || (await told(run)) !== (await told(attempt.run))) {
    const what = 'The role, its agent or its model has changed since, and a conversation keeps those it began with.';
    throw new AppError('conflict', `${what} Start the stage from its beginning instead.`);
  }
  return { runId: attempt.run.id, events };
}
