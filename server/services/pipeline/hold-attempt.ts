import { newId } from '../../db/new-id.ts';
import { AppError } from '../../domain/errors.ts';
import { attemptRenewMs, leaseMs } from '../../domain/runs/lease.ts';
import type { HostContext } from './work-context.ts';

export type HeldAttempt = { attemptId: string; leaseOwner: string; signal: AbortSignal };

type Holding = Pick<HostContext, 'database' | 'orgId' | 'clock' | 'worker' | 'signal'>;

/**
 * Takes a check or merge attempt, queued or left by a dead worker, and renews its lease while `work` runs. Returns false
 * when there is nothing to take. A drain gives the attempt back at once; an error leaves it to the lease's end.
 */
export async function holdAttempt(
  context: Holding,
  { attemptId, kind }: { attemptId: string; kind: 'check' | 'merge' },
  work: (held: HeldAttempt) => Promise<void>,
): Promise<boolean> {
  const leaseOwner = `${context.worker}/${newId('claim')}`;
  if (!(await take(context, { attemptId, kind, leaseOwner }))) return false;
  const done = new AbortController();
  const lost = new AbortController();
  const signal = AbortSignal.any([context.signal, lost.signal]);
  const renewing = renew(context, { attemptId, leaseOwner, done: done.signal, lost });
  try {
    await work({ attemptId, leaseOwner, signal });
  } catch (error) {
    await giveBack(context, { attemptId, leaseOwner });
    if (!context.signal.aborted) throw error;
  } finally {
    done.abort();
    await renewing;
  }
  return true;
}

/** Right before an effect that cannot be taken back. Throws when the worker drains or `lease_lost`. */
export async function stillHeld(
  { database, orgId }: Pick<HostContext, 'database' | 'orgId'>,
  { attemptId: id, leaseOwner, signal }: HeldAttempt,
): Promise<void> {
  signal.throwIfAborted();
  const where = { orgId, id, leaseOwner, status: 'running' as const, leaseUntil: { gt: await database.time() } };
  if ((await database.org(orgId).stageAttempt.count({ where })) > 0) return;
  throw new AppError('lease_lost', 'Another worker has taken this stage.', { attemptId: id });
}

type Lease = { attemptId: string; leaseOwner: string };

async function take(context: Holding, { attemptId, kind, leaseOwner }: Lease & { kind: 'check' | 'merge' }) {
  const { database, orgId } = context;
  const now = await database.time();
  const taken = await database.org(orgId).stageAttempt.updateMany({
    where: {
      orgId,
      id: attemptId,
      kind,
      OR: [{ status: 'queued' }, { status: 'running', leaseUntil: { lt: now } }],
    },
    data: { status: 'running', leaseOwner, leaseUntil: new Date(now.getTime() + leaseMs) },
  });
  return taken.count > 0;
}

async function giveBack({ database, orgId }: Holding, { attemptId, leaseOwner }: Lease): Promise<void> {
  await database.org(orgId).stageAttempt.updateMany({
    where: { orgId, id: attemptId, leaseOwner, status: 'running' },
    data: { status: 'queued', leaseOwner: null, leaseUntil: null },
  });
}

type Renewing = Lease & { done: AbortSignal; lost: AbortController };

async function renew(
  { database, orgId, clock }: Holding,
  { attemptId, leaseOwner, done, lost }: Renewing,
): Promise<void> {
  while (!done.aborted) {
    try {
      await clock.sleep(attemptRenewMs, done);
    } catch {
      return;
    }
    try {
      const leaseUntil = new Date((await database.time()).getTime() + leaseMs);
      const where = { orgId, id: attemptId, leaseOwner, status: 'running' as const };
      const renewed = await database.org(orgId).stageAttempt.updateMany({ where, data: { leaseUntil } });
      if (renewed.count > 0 || done.aborted) continue;
      lost.abort(new AppError('lease_lost', 'Another worker has taken this stage.', { attemptId }));
      return;
    } catch {
      // The database is away for a moment: the lease's end decides, not this try.
    }
  }
}
