import { sweepStale } from '../../server/services/sweep/sweep-stale.ts';
import type { BusClient } from '../bus/client.ts';
import type { Worker } from '../runtime/worker.ts';

/** Every minute: sends again what a crash between a commit and its message left behind. */
export function sweep(client: BusClient, worker: Worker) {
  return client.createFunction(
    { id: 'sweep', triggers: [{ cron: '* * * * *' }], concurrency: { limit: 1 }, retries: 0 },
    async ({ step }) => {
      const { database, bus, report } = worker;
      return step.run('sweep', async () => sweepStale({ database, bus, now: await database.time(), report }));
    },
  );
}
