import type { LedgerMove } from '../../domain/budget/ledger.ts';
import { unchargedMillis, type LeaseTimes } from '../../domain/runs/lease.ts';

/** The run-time that passed unseen since the last heartbeat, as a movement of the ledger. `last` at a slice's end. */
export function tickOf(times: LeaseTimes, now: Date, last: boolean): LedgerMove {
  const since = (times.heartbeatAt ?? now).toISOString();
  return { do: 'tick', millis: unchargedMillis(times, now), since, last };
}
