import { openRunStream } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import { Prisma } from '../../db/generated/client.ts';
import { moveLedger } from '../../db/ledger.ts';
import type { LedgerLeft } from '../../domain/budget/ledger.ts';
import { leaseMs, unchargedMillis } from '../../domain/runs/lease.ts';
import { tickOf } from './charge-time.ts';
import { mayBeClaimed } from '../../domain/runs/claim-rule.ts';
import type { RunOutcome, RunStatus, Waits } from '../../domain/runs/run-state.ts';
import { warnIn } from '../budgets/warn-budgets.ts';
import type { WorkContext } from '../pipeline/work-context.ts';
import { claimFacts, holdBack } from './claim-facts.ts';
import { findPause, findStop, type StopCommand } from './find-stop.ts';
import { lockRun } from './lock-run.ts';
import { placeToWaitFor } from './run-places.ts';

export type Claim = {
  orgId: string;
  runId: string;
  generation: number;
  worker: string;
  /** Run time charged so far, in ms, the gap that a dead worker left included. */
  millisUsed: number;
  /** A person wants it ended, and nobody has yet. */
  stop: StopCommand | null;
  /** Set where the run may not go on: it is only taken to be ended with this. */
  refused: RunOutcome | null;
  /** A person wants it paused. */
  pause: boolean;
  /** When it was taken, by the database's clock. */
  at: Date;
  /** What the run may still use. */
  left: LedgerLeft;
};

export type ClaimAnswer =
  | { kind: 'claimed'; claim: Claim }
  /** Over, waiting for a person, or somebody else's: nothing to do. */
  | { kind: 'not_now' }
  /** Its agent or its org has as many runs at work as it may; the next one that ends wakes this one. */
  | { kind: 'no_place'; waits: Waits };

/**
 * Takes a queued run, or one whose lease ran out, for `leaseMs`. `now` is the database's time. The generation goes up by one and with it the run's
 * stream: whoever held it before can write nothing more.
 */
export async function claimRun(
  { database, orgId, now, worker }: Omit<WorkContext, 'bus'> & { worker: string },
  { runId }: { runId: string },
): Promise<ClaimAnswer> {
  return database.transaction(orgId, async (tx) => {
    const run = await tx.run.findUnique({ where: { orgId_id: { orgId, id: runId } }, include: { agent: true } });
    if (!run || !isFree(run, now)) return { kind: 'not_now' };
    const expired = run.status === 'running';
    const verdict = mayBeClaimed(await claimFacts(tx, { orgId, runId }));
    if ('hold' in verdict) return holdBack(tx, { orgId, runId, now, hold: verdict.hold });
    const refused = verdict.may ? null : verdict.outcome;
    const waits = await placeFor(tx, { runId, agent: run.agent, now, goesOn: expired, refused });
    if (waits) {
      await tx.run.updateMany({ where: { orgId, id: runId, status: 'queued' }, data: { waits } });
      return { kind: 'no_place', waits };
    }
    const generation = run.leaseGeneration + 1;
    const uncharged = expired ? unchargedMillis(run, now) : 0;
    // The row lock: whoever comes second finds the generation moved, before any account is.
    await lockRun(tx, { orgId, runId });
    const { leaseGeneration } = await tx.run.findUniqueOrThrow({ where: { orgId_id: { orgId, id: runId } } });
    if (leaseGeneration !== run.leaseGeneration) return { kind: 'not_now' };
    const left = await moveLedger(tx, { orgId, runId, at: now, moves: expired ? [tickOf(run, now, true)] : [] });
    const claimed = await tx.run.updateMany({
      where: { orgId, id: runId, status: run.status, leaseGeneration: run.leaseGeneration },
      data: {
        status: 'running',
        waits: Prisma.DbNull,
        leaseOwner: worker,
        leaseGeneration: generation,
        leaseUntil: new Date(now.getTime() + leaseMs),
        heartbeatAt: now,
        millisUsed: { increment: uncharged },
        startedAt: run.startedAt ?? now,
      },
    });
    if (claimed.count === 0) return { kind: 'not_now' };
    await openRunStream(tx, { orgId, runId });
    await tx.stageAttempt.updateMany({
      where: { orgId, id: run.stageAttemptId, status: { in: ['queued', 'waiting'] } },
      data: { status: 'running' },
    });
    await warnIn(tx, { orgId, now, budgetIds: left.due });
    const millisUsed = Number(run.millisUsed) + uncharged;
    const stop = await findStop(tx, { orgId, runId });
    const pause = (await findPause(tx, { orgId, runId })) !== null;
    return {
      kind: 'claimed',
      claim: { orgId, runId, generation, worker, millisUsed, stop, refused, pause, at: now, left },
    };
  });
}

type Placing = Parameters<typeof placeToWaitFor>[1] & { goesOn: boolean; refused: RunOutcome | null };

/** One that is at work already, and one that is only taken to be ended, needs no place. */
async function placeFor(tx: OrgTx, { goesOn, refused, ...asking }: Placing): Promise<Waits | null> {
  return goesOn || refused ? null : placeToWaitFor(tx, asking);
}

/** Queued, or left by a worker whose lease ran out. */
function isFree({ status, leaseUntil }: { status: RunStatus; leaseUntil: Date | null }, now: Date): boolean {
  return status === 'queued' || (status === 'running' && leaseUntil !== null && leaseUntil < now);
}
