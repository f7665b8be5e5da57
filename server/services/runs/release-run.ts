import type { Bus } from '../../../inngest/bus/events.ts';
import type { Database, OrgTx } from '../../db/connect.ts';
import { moveLedger } from '../../db/ledger.ts';
import { Prisma } from '../../db/generated/client.ts';
import type { RunEvent } from '../../domain/events/run-events.ts';
import { unchargedMillis } from '../../domain/runs/lease.ts';
import { isRunOver, runStatusesBefore, type Waits } from '../../domain/runs/run-state.ts';
import { warnIn } from '../budgets/warn-budgets.ts';
import { lockPipelineRun } from '../pipeline/lock-pipeline-run.ts';
import { tickOf } from './charge-time.ts';
import { findPause, findStop } from './find-stop.ts';
import { leaseLost } from './heartbeat-run.ts';
import { lockRun } from './lock-run.ts';
import { nextForPlace, sliceOf } from './run-places.ts';
import { recordIn, type Recording } from './record-events.ts';
import { sendAfterCommit } from '../pipeline/send-after-commit.ts';

/**
 * Ends a slice: the run goes back into the queue; the caller asks for its next slice, `afterMs` from now where the model's
 * provider wants a pause. Throws `lease_lost`.
 */
export async function releaseRun(
  { database }: { database: Database },
  { now, claim, afterMs = 0 }: Pick<Recording, 'now' | 'claim'> & { afterMs?: number },
): Promise<void> {
  const waits = afterMs > 0 ? pauseOf(now, afterMs) : null;
  await database.transaction(claim.orgId, (tx) => moveRun(tx, { now, claim, to: 'queued', waits }));
}

function pauseOf(now: Date, afterMs: number): Waits {
  const until = new Date(now.getTime() + afterMs).toISOString();
  const since = now.toISOString();
  return { for: 'the model’s provider, which wants a pause', since, wakes: 'the pause is over', ref: null, until };
}

/**
 * Puts a run to sleep until a person has answered; its clock stands still. Where the answer came meanwhile, or a person
 * wants the run ended, it is queued at once. Throws `lease_lost`.
 */
export async function waitForAnswer(
  ports: { database: Database; bus: Bus },
  waiting: Recording & { waits: Waits; approvalId: string },
): Promise<void> {
  const { approvalId } = waiting;
  const { orgId } = waiting.claim;
  await sleep(ports, waiting, {
    approvalId,
    waits: waiting.waits,
    // The approval's row lock: a decision either sees the waiting run or is seen here.
    stillDue: async (tx) => {
      const where = { orgId, id: approvalId, status: 'pending' as const };
      return (await tx.approval.updateMany({ where, data: { status: 'pending' } })).count > 0;
    },
  });
}

/**
 * Puts a run to sleep until its helper has ended, and has that started. Where it has ended meanwhile, the run is queued at
 * once. Throws `lease_lost`.
 */
export async function waitForHelper(
  ports: { database: Database; bus: Bus },
  waiting: Recording & { waits: Waits; helperRunId: string },
): Promise<void> {
  const { helperRunId } = waiting;
  const { orgId } = waiting.claim;
  await sleep(ports, waiting, {
    approvalId: null,
    waits: waiting.waits,
    wakes: [helperRunId],
    // Whoever ends the helper holds the pipeline run's lock, as this does.
    stillDue: async (tx) => {
      const helper = await tx.run.findUniqueOrThrow({ where: { orgId_id: { orgId, id: helperRunId } } });
      return !isRunOver(helper.status);
    },
  });
}

/** Puts a run to sleep until a person resumes it, unless that has happened meanwhile. Throws `lease_lost`. */
export async function waitForResume(ports: { database: Database; bus: Bus }, pausing: Recording): Promise<void> {
  const { now, claim } = pausing;
  const { orgId, runId } = claim;
  const pause = await findPause(ports.database.org(orgId), { orgId, runId });
  const waits = {
    for: 'a person to resume it',
    since: now.toISOString(),
    wakes: 'a person resumes it on the run page',
    ref: pause?.commandId ?? null,
  };
  await sleep(ports, pausing, {
    approvalId: null,
    waits,
    stillDue: async (tx) => {
      // The run's row lock, as whoever resumes it takes it.
      await lockRun(tx, { orgId, runId });
      const where = { orgId, runId, kind: 'pause', acknowledgedAt: null };
      return (await tx.command.updateMany({ where, data: { acknowledgedAt: now } })).count > 0;
    },
  });
}

type Sleep = {
  waits: Waits;
  approvalId: string | null;
  /** Runs to be worked on once this one sleeps. */
  wakes?: string[];
  stillDue: (tx: OrgTx) => Promise<boolean>;
};

async function sleep(
  { database, bus }: { database: Database; bus: Bus },
  waiting: Recording,
  { waits, approvalId, wakes = [], stillDue }: Sleep,
): Promise<void> {
  const { now, claim, onBehalfOf, totals, head } = waiting;
  const { orgId, runId } = claim;
  const woken = await database.transaction(orgId, async (tx) => {
    const { stageAttempt, agentId } = await tx.run.findUniqueOrThrow({
      where: { orgId_id: { orgId, id: runId } },
      include: { stageAttempt: true },
    });
    const { pipelineRunId } = stageAttempt;
    await lockPipelineRun(tx, { orgId, pipelineRunId });
    const due = await stillDue(tx);
    const event: RunEvent = { kind: 'run.waiting', payload: { waits, approvalId } };
    await recordIn(tx, { now, claim, onBehalfOf, totals, head, events: [...waiting.events, event] });
    const goesOn = !due || (await findStop(tx, { orgId, runId })) !== null;
    await moveRun(tx, { now, claim, to: goesOn ? 'queued' : 'waiting', waits: goesOn ? null : waits });
    if (goesOn) return [runId];
    await tx.stageAttempt.updateMany({
      where: { orgId, id: stageAttempt.id, status: { in: ['queued', 'running'] } },
      data: { status: 'waiting' },
    });
    await tx.pipelineRun.updateMany({
      where: { orgId, id: pipelineRunId, status: { in: ['queued', 'running'] } },
      data: { status: 'waiting', waits, updatedAt: now },
    });
    return [...wakes, ...(await nextForPlace(tx, { orgId, agentId }))];
  });
  if (woken.length > 0) {
    await sendAfterCommit(
      bus,
      woken.map((each) => sliceOf(orgId, each)),
    );
  }
}

type Moving = Pick<Recording, 'now' | 'claim'> & { to: 'queued' | 'waiting'; waits: Waits | null };

async function moveRun(tx: OrgTx, { now, claim, to, waits }: Moving): Promise<void> {
  const { orgId, runId, generation } = claim;
  await lockRun(tx, { orgId, runId });
  const run = await tx.run.findUniqueOrThrow({ where: { orgId_id: { orgId, id: runId } } });
  if (run.leaseGeneration !== generation) throw leaseLost(runId);
  const passed = unchargedMillis(run, now);
  const { due } = await moveLedger(tx, { orgId, runId, at: now, moves: [tickOf(run, now, true)] });
  const moved = await tx.run.updateMany({
    where: { orgId, id: runId, leaseGeneration: generation, status: { in: runStatusesBefore(to) } },
    data: {
      status: to,
      waits: waits ?? Prisma.DbNull,
      leaseOwner: null,
      leaseUntil: null,
      heartbeatAt: null,
      millisUsed: { increment: passed },
    },
  });
  if (moved.count === 0) throw leaseLost(runId);
  await warnIn(tx, { orgId, now, budgetIds: due });
}
