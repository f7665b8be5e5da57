import { mergeChange } from '../../server/services/changes/merge-change.ts';
import type { BusClient } from '../bus/client.ts';
import { on } from '../bus/client.ts';
import { hostWork } from '../runtime/host-work.ts';
import { lastTry } from '../runtime/last-try.ts';
import type { Worker } from '../runtime/worker.ts';

/** Merges one approved change. */
export function mergeChangeFunction(client: BusClient, worker: Worker) {
  return client.createFunction(
    {
      id: 'merge-change',
      triggers: [on('merge/requested')],
      concurrency: [{ key: 'event.data.orgId', limit: 2 }, { limit: 4 }],
      retries: 4,
    },
    async ({ event, step, attempt, maxAttempts }) => {
      const tries = { lastTry: lastTry({ attempt, maxAttempts }) };
      await step.run('merge', () => hostWork(worker, mergeChange, { ...event.data, ...tries }));
    },
  );
}
