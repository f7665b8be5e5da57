import { sweepRetention } from '../../server/services/audit/retention/sweep-retention.ts';
import type { BusClient } from '../bus/client.ts';
import type { Worker } from '../runtime/worker.ts';

/** Every hour: erases what orgs keep for a time only. */
export function sweepRetentionFunction(client: BusClient, worker: Worker) {
  return client.createFunction(
    { id: 'sweep-retention', triggers: [{ cron: '41 * * * *' }], concurrency: { limit: 1 }, retries: 0 },
    async ({ step }) => {
      const { database, auditKeys, recordDays: floor, report } = worker;
      return step.run('sweep', async () =>
        sweepRetention({ database, auditKeys, floor, now: await database.time(), report }),
      );
    },
  );
}
