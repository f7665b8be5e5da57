import { newId } from '../../db/new-id.ts';
import { AppError } from '../../domain/errors.ts';
import { attemptRenewMs, leaseMs } from '../../domain/runs/lease.ts';
import type { HostContext } from '../pipeline/work-context.ts';

export type HeldEnvironment = { id: string; leaseOwner: string; signal: AbortSignal };

/**
 * Takes an environment check, queued or left by a dead worker, and renews its lease while `work` runs. A drain or an error
 * gives it back at once.
 */
export async function holdEnvironment(
  context: HostContext,
  id: string,
  work: (held: HeldEnvironment) => Promise<void>,
): Promise<void> {
  const { database, orgId, worker, signal: draining } = context;
  const leaseOwner = `${worker}/${newId('claim')}`;
  const db = database.org(orgId);
  const now = await database.time();
  const taken = await db.environmentCheck.updateMany({
    where: { orgId, id, OR: [{ status: 'queued' }, { status: 'running', leaseUntil: { lt: now } }] },
    data: { status: 'running', leaseOwner, leaseUntil: new Date(now.getTime() + leaseMs) },
  });
  if (taken.count === 0) return;
  const done = new AbortController();
  const lost = new AbortController();
  const renewing = renew(context, { id, leaseOwner, done: done.signal, lost });
  try {
    await work({ id, leaseOwner, signal: AbortSignal.any([draining, lost.signal]) });
  } catch (error) {
    await db.environmentCheck.updateMany({
      where: { orgId, id, leaseOwner, status: 'running' },
      data: { status: 'queued', leaseOwner: null, leaseUntil: null },
    });
    if (!draining.aborted && !lost.signal.aborted) throw error;
  } finally {
    done.abort();
    await renewing;
  }
}

type Renewing = { id: string; leaseOwner: string; done: AbortSignal; lost: AbortController };

async function renew({ database, orgId, clock }: HostContext, { id, leaseOwner, done, lost }: Renewing): Promise<void> {
  while (!done.aborted) {
    try {
      await clock.sleep(attemptRenewMs, done);
    } catch {
      return;
    }
    try {
      const leaseUntil = new Date((await database.time()).getTime() + leaseMs);
      const where = { orgId, id, leaseOwner, status: 'running' as const };
      const renewed = await database.org(orgId).environmentCheck.updateMany({ where, data: { leaseUntil } });
      if (renewed.count > 0 || done.aborted) continue;
      lost.abort(new AppError('lease_lost', 'Another worker has taken this check.', { id }));
      return;
    } catch {
      // The database is away for a moment: the lease's end decides, not this try.
    }
  }
}
