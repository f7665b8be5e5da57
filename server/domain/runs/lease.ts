/** Leases are short so that a crash costs seconds; a live worker renews long before the end. */
export const leaseMs = 5_000;
export const heartbeatMs = 500;
/** A check or merge hangs on its stage attempt and renews that lease. */
export const attemptRenewMs = 1_000;

export type LeaseTimes = { heartbeatAt: Date | null; leaseUntil: Date | null };

/**
 * Run time that passed unseen since the last heartbeat, in ms: what whoever writes next charges. Never beyond the lease's end,
 * because after it nobody was allowed to work.
 */
export function unchargedMillis({ heartbeatAt, leaseUntil }: LeaseTimes, now: Date): number {
  if (!heartbeatAt || !leaseUntil) return 0;
  return Math.max(0, Math.min(now.getTime(), leaseUntil.getTime()) - heartbeatAt.getTime());
}
