import type { StopCause } from '../../server/agent/ports.ts';
import { AppError } from '../../server/domain/errors.ts';
import { heartbeatMs, leaseMs } from '../../server/domain/runs/lease.ts';
import type { Claim } from '../../server/services/runs/claim-run.ts';
import { outcomeOfStop, type StopCommand } from '../../server/services/runs/find-stop.ts';
import { heartbeatRun } from '../../server/services/runs/heartbeat-run.ts';
import type { Worker } from './worker.ts';

export type HeldRun = {
  /** Aborted with a StopCause. */
  signal: AbortSignal;
  /** Run time so far, in ms, up to now. */
  millisUsed(): number;
  /** Ends the heartbeats; resolves when none is in the air. */
  close(): Promise<void>;
};

type Beats = { millisUsed: number; at: number };

/** Keeps a claimed run's lease by a heartbeat, counts its time, and cuts the slice short when somebody wants that. */
export function holdRun(worker: Pick<Worker, 'database' | 'clock' | 'draining'>, claim: Claim): HeldRun {
  const { clock, draining } = worker;
  const stop = new AbortController();
  const closing = new AbortController();
  const abort = (cause: StopCause) => stop.abort(cause);
  if (claim.stop) abort(stoppedByPerson(claim.stop));
  const beats: Beats = { millisUsed: claim.millisUsed, at: clock.now().getTime() };
  const drained = () => abort({ kind: 'draining' });
  if (draining.aborted) drained();
  draining.addEventListener('abort', drained, { once: true });
  const beating = beat(worker, { claim, beats, closing: closing.signal, abort });
  return {
    signal: stop.signal,
    millisUsed: () => beats.millisUsed + Math.max(0, clock.now().getTime() - beats.at),
    async close() {
      draining.removeEventListener('abort', drained);
      closing.abort();
      await beating;
    },
  };
}

function stoppedByPerson(stop: StopCommand): StopCause {
  return { kind: 'stopped', ...outcomeOfStop(stop) };
}

type Beating = { claim: Claim; beats: Beats; closing: AbortSignal; abort: (cause: StopCause) => void };

async function beat(
  { database, clock }: Pick<Worker, 'database' | 'clock'>,
  { claim, beats, closing, abort }: Beating,
): Promise<void> {
  for (;;) {
    try {
      await clock.sleep(heartbeatMs, closing);
    } catch {
      return;
    }
    try {
      const now = clock.now();
      const { millisUsed, stop } = await heartbeatRun({ database, now }, claim);
      Object.assign(beats, { millisUsed, at: now.getTime() });
      if (stop) abort(stoppedByPerson(stop));
    } catch (error) {
      const lost = error instanceof AppError && error.code === 'lease_lost';
      // The database may be away for a moment; past the lease's end somebody else may have the run.
      if (!lost && clock.now().getTime() - beats.at < leaseMs) continue;
      if (!closing.aborted) abort({ kind: 'lease_lost' });
      return;
    }
  }
}
