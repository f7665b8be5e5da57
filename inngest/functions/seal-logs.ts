import { sealLogs } from '../../server/services/audit/seal-logs.ts';
import type { BusClient } from '../bus/client.ts';
import type { Worker } from '../runtime/worker.ts';

/** Every minute: signs where the logs stand. */
export function sealLogsFunction(client: BusClient, worker: Worker) {
  return client.createFunction(
    { id: 'seal-logs', triggers: [{ cron: '* * * * *' }], concurrency: { limit: 1 }, retries: 0 },
    async ({ step }) => step.run('seal', () => sealLogs(worker)),
  );
}
