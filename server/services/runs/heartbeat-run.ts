import { AppError } from '../../domain/errors.ts';
import { agentRetired, helperUnasked } from '../../domain/runs/claim-rule.ts';
import type { RunOutcome } from '../../domain/runs/run-state.ts';
import { leaseMs, unchargedMillis } from '../../domain/runs/lease.ts';
import type { Database } from '../../db/connect.ts';
import { moveLedger } from '../../db/ledger.ts';
import type { LedgerLeft } from '../../domain/budget/ledger.ts';
import type { Claim } from './claim-run.ts';
import { orgIsGoing } from '../../domain/orgs/org-deletion.ts';
import { findDeletion } from '../orgs/org-deletion.ts';
import { tickOf } from './charge-time.ts';
import { isUnasked } from './claim-facts.ts';
import { findPause, findStop, type StopCommand } from './find-stop.ts';
import { lockRun } from './lock-run.ts';

export type Heartbeat = {
  millisUsed: number;
  stop: StopCommand | null;
  /** Set where the run may not go on any more. */
  refused: RunOutcome | null;
  pause: boolean;
  left: LedgerLeft;
};

/**
 * Renews the lease and charges the run time since the last heartbeat, up to the lease's end, by the database's time `now`.
 * Tells of a person's stop command and of what is left. Throws `lease_lost` when another generation has the run.
 */
export async function heartbeatRun(
  { database, now }: { database: Database; now: Date },
  claim: Claim,
): Promise<Heartbeat> {
  const { orgId, runId, generation } = claim;
  return database.transaction(orgId, async (tx) => {
    await lockRun(tx, { orgId, runId });
    const run = await tx.run.findUniqueOrThrow({
      where: { orgId_id: { orgId, id: runId } },
      include: {
        agent: { select: { name: true, retiredAt: true } },
        stageAttempt: { select: { parentRunId: true } },
      },
    });
    const passed = unchargedMillis(run, now);
    if (run.status !== 'running' || run.leaseGeneration !== generation) throw leaseLost(runId);
    const left = await moveLedger(tx, { orgId, runId, at: now, moves: [tickOf(run, now, false)] });
    const renewed = await tx.run.updateMany({
      where: { orgId, id: runId, status: 'running', leaseGeneration: generation },
      data: {
        heartbeatAt: now,
        leaseUntil: new Date(now.getTime() + leaseMs),
        millisUsed: { increment: passed },
      },
    });
    if (renewed.count === 0) throw leaseLost(runId);
    const stop = await findStop(tx, { orgId, runId });
    const pause = (await findPause(tx, { orgId, runId })) !== null;
    const { name, retiredAt } = run.agent;
    const unasked = await isUnasked(tx, { orgId, ...run.stageAttempt });
    const going = await findDeletion(tx, orgId);
    const retired = retiredAt === null ? null : agentRetired(name);
    const refused = going !== null ? orgIsGoing(going.dueAt) : unasked ? helperUnasked : retired;
    return { millisUsed: Number(run.millisUsed) + passed, stop, refused, pause, left };
  });
}

export function leaseLost(runId: string): AppError {
  return new AppError('lease_lost', 'Another worker has taken this run.', { runId });
}
