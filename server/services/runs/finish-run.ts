import type { Bus, BusEvent } from '../../../inngest/bus/events.ts';
import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database, OrgTx } from '../../db/connect.ts';
import { Prisma } from '../../db/generated/client.ts';
import type { RunEvent } from '../../domain/events/run-events.ts';
import { unchargedMillis } from '../../domain/runs/lease.ts';
import { runStatusesBefore, type RunEndReason, type RunOutcome, type RunStatus } from '../../domain/runs/run-state.ts';
import { warnIn } from '../budgets/warn-budgets.ts';
import { wakeRun } from '../approvals/wake-run.ts';
import { endAttempt } from '../pipeline/end-attempt.ts';
import { lockPipelineRun } from '../pipeline/lock-pipeline-run.ts';
import { platform } from '../pipeline/work-context.ts';
import { tickOf } from './charge-time.ts';
import { findStop, outcomeOfStop } from './find-stop.ts';
import { leaseLost } from './heartbeat-run.ts';
import { lockRun } from './lock-run.ts';
import { nextForPlace, sliceOf } from './run-places.ts';
import { recordIn, type Recording } from './record-events.ts';
import { sendAfterCommit } from '../pipeline/send-after-commit.ts';

const succeeded: readonly RunEndReason[] = ['handed_off', 'decided', 'reported'];

/** The status with which a run ends for a reason. */
function endStatus(reason: RunEndReason): RunStatus {
  if (succeeded.includes(reason)) return 'succeeded';
  return reason === 'stopped_by_person' || reason === 'retried' ? 'stopped' : 'failed';
}

export type Finishing = Recording & {
  outcome: RunOutcome;
  /** Its agent did nothing since the last heartbeat: what ending it takes is not the run's time. */
  idle?: boolean;
};

/**
 * Ends a run and lets its pipeline run go on: last events, `run.ended`, status, acknowledged commands and voided
 * questions in one transaction. A person's stop that nobody has obeyed yet overrides the outcome. Throws `lease_lost`.
 */
export async function finishRun(
  { database, bus }: { database: Database; bus: Bus },
  finishing: Finishing,
): Promise<void> {
  const { orgId, runId } = finishing.claim;
  const woken = await database.transaction(orgId, async (tx) => {
    const { stageAttempt } = await tx.run.findUniqueOrThrow({
      where: { orgId_id: { orgId, id: runId } },
      select: { stageAttempt: { select: { pipelineRunId: true, parentRunId: true } } },
    });
    const { pipelineRunId, parentRunId } = stageAttempt;
    await lockPipelineRun(tx, { orgId, pipelineRunId });
    // Woken behind the org's stream, so its lock comes before.
    if (parentRunId !== null) await lockRun(tx, { orgId, runId: parentRunId });
    await lockRun(tx, { orgId, runId });
    const next = await finishIn(tx, finishing);
    const advance: BusEvent = { name: 'pipeline-run/advance-requested', data: { orgId, pipelineRunId } };
    return [advance, ...next];
  });
  await sendAfterCommit(bus, woken);
}

/** The same under the locks of the pipeline run and the run; what it returns is to be sent after the commit. */
export async function finishIn(tx: OrgTx, finishing: Finishing): Promise<BusEvent[]> {
  const { now, claim, totals } = finishing;
  const { orgId, runId, generation } = claim;
  const run = await tx.run.findUniqueOrThrow({
    where: { orgId_id: { orgId, id: runId } },
    include: { stageAttempt: { select: { pipelineRunId: true, parentRunId: true } } },
  });
  // Under the lock: a stop that came in before this counts, one that comes after finds the run over.
  const stop = await findStop(tx, { orgId, runId });
  const helpers = await wakeHelpers(tx, { orgId, now, runId });
  const outcome = stop ? outcomeOfStop(stop) : finishing.outcome;
  const workedUntil = finishing.idle ? (run.heartbeatAt ?? now) : now;
  const passed = unchargedMillis(run, workedUntil);
  const millisUsed = Number(run.millisUsed) + passed;
  const { costMicros = 0, turns = 0, toolCalls = 0 } = totals;
  const ended: RunEvent = { kind: 'run.ended', payload: { outcome, millisUsed, costMicros, turns, toolCalls } };
  const { onBehalfOf, head } = finishing;
  const moves = [tickOf(run, workedUntil, true)];
  const written = { now, claim, onBehalfOf, totals, head, moves, events: [...finishing.events, ended] };
  const { left } = await recordIn(tx, written);
  const status = endStatus(outcome.reason);
  const moved = await tx.run.updateMany({
    where: { orgId, id: runId, leaseGeneration: generation, status: { in: runStatusesBefore(status) } },
    data: {
      status,
      outcome,
      waits: Prisma.DbNull,
      leaseOwner: null,
      leaseUntil: null,
      millisUsed: { increment: passed },
      endedAt: now,
    },
  });
  if (moved.count === 0) throw leaseLost(runId);
  await tx.command.updateMany({ where: { orgId, runId, acknowledgedAt: null }, data: { acknowledgedAt: now } });
  await voidQuestions(tx, { orgId, runId, now });
  await warnIn(tx, { orgId, now, budgetIds: left?.due ?? [] });
  const next = await nextForPlace(tx, { orgId, agentId: run.agentId });
  const slices = next.map((each) => sliceOf(orgId, each));
  const { parentRunId } = run.stageAttempt;
  if (parentRunId !== null) {
    const ending = { runId, attemptId: run.stageAttemptId, stopped: status === 'stopped', outcome };
    return [...slices, ...(await endHelper(tx, { orgId, now, parentRunId, ...ending }))];
  }
  // What it waited for is over with its run: it must be found by the sweep should the message be lost.
  await tx.pipelineRun.updateMany({
    where: { orgId, id: run.stageAttempt.pipelineRunId, status: 'waiting' },
    data: { status: 'running', waits: Prisma.DbNull, updatedAt: now },
  });
  return [...slices, ...helpers];
}

/** A helper that a person paused has no heartbeat: it is queued, to be refused at its claim, or it would wait for ever. */
async function wakeHelpers(tx: OrgTx, { orgId, now, runId }: { orgId: string; now: Date; runId: string }) {
  const where = { orgId, status: 'waiting' as const, stageAttempt: { parentRunId: runId } };
  const woken: BusEvent[] = [];
  for (const { id } of await tx.run.findMany({ where, select: { id: true } })) {
    woken.push(...(await wakeRun(tx, { orgId, now, runId: id })));
  }
  return woken;
}

type EndedHelper = {
  orgId: string;
  now: Date;
  parentRunId: string;
  runId: string;
  attemptId: string;
  stopped: boolean;
  outcome: RunOutcome;
};

/** A helper's attempt is no stage of the pipeline: it ends with its run, and wakes the run that waits for its answer. */
async function endHelper(tx: OrgTx, { parentRunId, runId, outcome, ...ending }: EndedHelper): Promise<BusEvent[]> {
  await endAttempt(tx, { ...ending, outcome: { kind: 'agent', ...outcome, review: null } });
  const { orgId, now } = ending;
  // One that a person paused meanwhile goes on when that person says so, and finds the answer then.
  const awaits = { path: ['ref'], equals: runId };
  const waiting = await tx.run.count({ where: { orgId, id: parentRunId, status: 'waiting', waits: awaits } });
  return waiting === 0 ? [] : wakeRun(tx, { orgId, now, runId: parentRunId });
}

async function voidQuestions(tx: OrgTx, { orgId, runId, now }: { orgId: string; runId: string; now: Date }) {
  const open = await tx.approval.findMany({ where: { orgId, runId, status: 'pending' }, select: { id: true } });
  for (const { id } of open) {
    await tx.approval.updateMany({
      where: { orgId, id, status: 'pending' },
      data: { status: 'voided', decidedAt: now },
    });
    const payload = { approvalId: id, status: 'voided' as const, reason: 'The run that asked has ended.' };
    await appendOrgEvents(tx, { orgId, actor: platform, at: now, events: [{ kind: 'approval.closed', payload }] });
  }
}
