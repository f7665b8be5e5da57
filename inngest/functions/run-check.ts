import { runCheck } from '../../server/services/checks/run-check.ts';
import type { BusClient } from '../bus/client.ts';
import { on } from '../bus/client.ts';
import { hostWork } from '../runtime/host-work.ts';
import { lastTry } from '../runtime/last-try.ts';
import type { Worker } from '../runtime/worker.ts';

/** Verifies one commit. */
export function runCheckFunction(client: BusClient, worker: Worker) {
  return client.createFunction(
    {
      id: 'run-check',
      triggers: [on('check/requested')],
      concurrency: [{ key: 'event.data.orgId', limit: 2 }, { limit: 4 }],
      retries: 4,
    },
    async ({ event, step, attempt, maxAttempts }) => {
      const tries = { lastTry: lastTry({ attempt, maxAttempts }) };
      await step.run('check', () => hostWork(worker, runCheck, { ...event.data, ...tries }));
    },
  );
}
