import type { BusClient } from '../bus/client.ts';
import { on } from '../bus/client.ts';
import { smokePolicy } from '../runtime/smoke-policy.ts';
import type { Worker } from '../runtime/worker.ts';

/** Has one read and one write decided and done as an agent's calls are, because somebody asked. */
export function smokePolicyFunction(client: BusClient, worker: Worker) {
  return client.createFunction(
    {
      id: 'smoke-policy',
      triggers: [on('policy/smoke-asked')],
      concurrency: [{ key: 'event.data.orgId', limit: 1 }, { limit: 2 }],
      retries: 2,
    },
    async ({ event, step }) => {
      await step.run('try', () => smokePolicy(worker, event.data));
    },
  );
}
