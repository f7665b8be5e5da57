import { setTimeout as pause } from 'node:timers/promises';
import { sweepStale } from '../../../server/services/sweep/sweep-stale.ts';
import type { Worker } from '../worker.ts';

const everyMs = 500;

/** Sweeps as often as a test has patience for, until `settled` is; nothing sweeps a database that is closed. */
export async function sweepingUntil<T>({ database, bus, report }: Worker, settled: () => Promise<T>): Promise<T> {
  let over = false;
  const sweeping = (async () => {
    while (!over) {
      await sweepStale({ database, bus, now: await database.time(), report });
      await pause(everyMs);
    }
  })();
  try {
    return await Promise.race([settled(), sweeping.then(() => new Promise<never>(() => {}))]);
  } finally {
    over = true;
    await sweeping;
  }
}
