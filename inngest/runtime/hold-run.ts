import type { StopCause } from '../../server/agent/ports.ts';
import type { LedgerLeft } from '../../server/domain/budget/ledger.ts';
import { AppError } from '../../server/domain/errors.ts';
import type { RunOutcome } from '../../server/domain/runs/run-state.ts';
import { heartbeatMs, leaseMs } from '../../server/domain/runs/lease.ts';
import type { Claim } from '../../server/services/runs/claim-run.ts';
import { outcomeOfStop, type StopCommand } from '../../server/services/runs/find-stop.ts';
import { warnBudgets } from '../../server/services/budgets/warn-budgets.ts';
import { heartbeatRun } from '../../server/services/runs/heartbeat-run.ts';
import type { Worker } from './worker.ts';

export type HeldRun = {
  /** Aborted with a StopCause. */
  signal: AbortSignal;
  /** Run time so far, in ms, up to now. */
  millisUsed(): number;
  /** A person wants it paused. */
  pausing(): boolean;
  /** What the run may still use, as the ledger last said. */
  left(): LedgerLeft;
  /** The database's time, reckoned from the last heartbeat; asked for where that is long ago. */
  now(): Promise<Date>;
  /** What a movement of the ledger came to. */
  see(left: LedgerLeft): void;
  /** Ends the heartbeats; resolves when none is in the air. */
  close(): Promise<void>;
};

/** `at` on the clock that never jumps. */
type Beats = { millisUsed: number; at: number; now: Date; left: LedgerLeft; pause: boolean };

const leastBeatMs = 10;
/** A heartbeat that is later than this has not come: then nobody knows what time it is. */
const mostReckonedMs = 3 * heartbeatMs;

/** Keeps a claimed run's lease by a heartbeat, counts its time, and cuts the slice short when somebody wants that. */
export function holdRun(worker: Pick<Worker, 'database' | 'clock' | 'draining'>, claim: Claim): HeldRun {
  const { clock, database, draining } = worker;
  const stop = new AbortController();
  const closing = new AbortController();
  const abort = (cause: StopCause) => stop.abort(cause);
  if (claim.stop) abort(stoppedByPerson(claim.stop));
  const beats: Beats = {
    millisUsed: claim.millisUsed,
    at: clock.elapsed(),
    now: claim.at,
    left: claim.left,
    pause: claim.pause,
  };
  const drained = () => abort({ kind: 'draining' });
  if (draining.aborted) drained();
  draining.addEventListener('abort', drained, { once: true });
  // One that has no time left is only ended: nothing of that is its time.
  const beating =
    usedUp(claim.left)?.kind === 'time_used'
      ? Promise.resolve()
      : beat(worker, { claim, beats, closing: closing.signal, abort });
  return {
    signal: stop.signal,
    // A host that slept comes back with an hour on its clock: as in the ledger, no more than the lease counts.
    millisUsed: () => beats.millisUsed + Math.min(leaseMs, Math.max(0, clock.elapsed() - beats.at)),
    pausing: () => beats.pause,
    left: () => beats.left,
    now: async () => {
      const passed = clock.elapsed() - beats.at;
      // After a sleep of the host the log would have an hour that never was.
      return passed > mostReckonedMs ? database.time() : new Date(beats.now.getTime() + passed);
    },
    see: (left) => void (beats.left = left),
    async close() {
      draining.removeEventListener('abort', drained);
      closing.abort();
      await beating;
    },
  };
}

/** Time that is over; or more used and reserved than may be, which only a lowered limit does. */
function usedUp({ micros, tokens, millis }: LedgerLeft): StopCause | null {
  if (millis !== null && millis <= 0) return { kind: 'time_used' };
  return (micros ?? 0) < 0 || (tokens ?? 0) < 0 ? { kind: 'budget_used' } : null;
}

function stoppedByPerson(stop: StopCommand): StopCause {
  return { kind: 'stopped', ...outcomeOfStop(stop) };
}

function notAllowed({ detail }: RunOutcome): StopCause {
  return { kind: 'stopped', reason: 'not_allowed', detail };
}

/** A limit is noticed as it is reached, not at the next beat. */
function untilNextBeat({ left: { millis }, at }: Beats, now: number): number {
  const left = millis === null ? heartbeatMs : millis - (now - at);
  return left > 0 ? Math.min(heartbeatMs, Math.max(leastBeatMs, left)) : heartbeatMs;
}

type Beating = { claim: Claim; beats: Beats; closing: AbortSignal; abort: (cause: StopCause) => void };

async function beat(
  { database, clock }: Pick<Worker, 'database' | 'clock'>,
  { claim, beats, closing, abort }: Beating,
): Promise<void> {
  for (;;) {
    try {
      await clock.sleep(untilNextBeat(beats, clock.elapsed()), closing);
    } catch {
      return;
    }
    try {
      const now = await database.time();
      const began = clock.elapsed();
      const { millisUsed, stop, refused, pause, left } = await heartbeatRun({ database, now }, claim);
      Object.assign(beats, { millisUsed, at: began, now, left, pause });
      await warnBudgets({ database }, { orgId: claim.orgId, now, budgetIds: left.due });
      const cause = stop ? stoppedByPerson(stop) : refused ? notAllowed(refused) : usedUp(left);
      if (cause) abort(cause);
    } catch (error) {
      const lost = error instanceof AppError && error.code === 'lease_lost';
      // The database may be away for a moment; past the lease's end somebody else may have the run.
      if (!lost && clock.elapsed() - beats.at < leaseMs) continue;
      if (!closing.aborted) abort({ kind: 'lease_lost' });
      return;
    }
  }
}
