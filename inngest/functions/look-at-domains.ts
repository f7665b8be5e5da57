import { lookAtDomains } from '../../server/services/sso/look-at-domains.ts';
import type { BusClient } from '../bus/client.ts';
import type { Worker } from '../runtime/worker.ts';

/** Every hour: looks for the proofs of domains whose turn it is. */
export function lookAtDomainsFunction(client: BusClient, worker: Worker) {
  return client.createFunction(
    { id: 'look-at-domains', triggers: [{ cron: '41 * * * *' }], concurrency: { limit: 1 }, retries: 0 },
    async ({ step }) => step.run('look', () => lookAtDomains(worker)),
  );
}
