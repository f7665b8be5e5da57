import { sweepStale } from '../../server/services/sweep/sweep-stale.ts';
import type { BusClient } from '../bus/client.ts';
import { clearUp } from '../runtime/clear-up.ts';
import type { Worker } from '../runtime/worker.ts';

/** Every minute: sends again what a crash between a commit and its message left behind, and clears this host of its litter. */
export function sweep(client: BusClient, worker: Worker) {
  return client.createFunction(
    { id: 'sweep', triggers: [{ cron: '* * * * *' }], concurrency: { limit: 1 }, retries: 0 },
    async ({ step }) => {
      const { database, bus, report } = worker;
      const swept = await step.run('sweep', async () =>
        sweepStale({ database, bus, now: await database.time(), report }),
      );
      const cleared = await step.run('clear-up', () => clearUp(worker));
      return { ...swept, ...cleared };
    },
  );
}
