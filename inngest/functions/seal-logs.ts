import { keepHeads } from '../../server/services/audit/keep-heads.ts';
import { sealLogs } from '../../server/services/audit/seal-logs.ts';
import { queueDeliveries } from '../../server/services/webhooks/queue-deliveries.ts';
import type { BusClient } from '../bus/client.ts';
import type { Worker } from '../runtime/worker.ts';

/** Every minute: signs where the logs stand, and hands on what is sealed. */
export function sealLogsFunction(client: BusClient, worker: Worker) {
  return client.createFunction(
    { id: 'seal-logs', triggers: [{ cron: '* * * * *' }], concurrency: { limit: 1 }, retries: 0 },
    async ({ step }) => {
      const sealed = await step.run('seal', () => sealLogs(worker));
      const kept = await step.run('keep', () => keepHeads(worker));
      return { ...sealed, ...kept, ...(await step.run('queue', () => queueDeliveries(worker))) };
    },
  );
}
