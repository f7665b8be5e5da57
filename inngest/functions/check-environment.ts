import type { BusClient } from '../bus/client.ts';
import { on } from '../bus/client.ts';
import { environmentWork } from '../runtime/environment-work.ts';
import { lastTry } from '../runtime/last-try.ts';
import type { Worker } from '../runtime/worker.ts';

/** Checks a repo's environment because somebody asked. */
export function checkEnvironmentFunction(client: BusClient, worker: Worker) {
  return client.createFunction(
    {
      id: 'check-environment',
      triggers: [on('environment/check-requested')],
      concurrency: [{ key: 'event.data.orgId', limit: 1 }, { limit: 2 }],
      retries: 4,
    },
    async ({ event, step, attempt, maxAttempts }) => {
      const tries = { lastTry: lastTry({ attempt, maxAttempts }) };
      await step.run('check', () => environmentWork(worker, { ...event.data, ...tries }));
    },
  );
}
