import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../domain/ports/clock.ts';

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => new Date(),
  elapsed: () => performance.now(),
  sleep: async (ms, signal) => {
    await sleep(ms, undefined, { signal });
  },
};
