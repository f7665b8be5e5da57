import { purgeOrgs } from '../../server/services/orgs/purge-orgs.ts';
import type { BusClient } from '../bus/client.ts';
import type { Worker } from '../runtime/worker.ts';

/** Every minute: takes away the orgs that their owners deleted and whose grace is over. */
export function purgeOrgsFunction(client: BusClient, worker: Worker) {
  const told = new Map<string, string>();
  return client.createFunction(
    { id: 'purge-orgs', triggers: [{ cron: '* * * * *' }], concurrency: { limit: 1 }, retries: 0 },
    async ({ step }) => step.run('purge', () => purgeOrgs({ ...worker, told })),
  );
}
