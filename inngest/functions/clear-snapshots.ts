import { clearSnapshots } from '../../server/services/sweep/clear-snapshots.ts';
import type { BusClient } from '../bus/client.ts';
import type { Worker } from '../runtime/worker.ts';

/** Every hour: lets go of work trees of turns that nobody can go back to any more. */
export function clearSnapshotsFunction(client: BusClient, worker: Worker) {
  return client.createFunction(
    { id: 'clear-snapshots', triggers: [{ cron: '23 * * * *' }], concurrency: { limit: 1 }, retries: 0 },
    async ({ step }) => {
      const { database, codeHost } = worker;
      return step.run('clear', async () => clearSnapshots({ database, codeHost, now: await database.time() }));
    },
  );
}
