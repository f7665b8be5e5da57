import type { BusClient } from '../bus/client.ts';
import { on } from '../bus/client.ts';
import { advance } from '../runtime/advance.ts';
import { lastTry } from '../runtime/last-try.ts';
import type { Worker } from '../runtime/worker.ts';

/** Moves a pipeline run on, and clears up after it when it is over. */
export function advancePipelineRunFunction(client: BusClient, worker: Worker) {
  return client.createFunction(
    {
      id: 'advance-pipeline-run',
      triggers: [on('pipeline-run/advance-requested')],
      concurrency: [{ key: 'event.data.pipelineRunId', limit: 1 }, { limit: 20 }],
      retries: 4,
    },
    async ({ event, step, attempt, maxAttempts }) => {
      const tries = { lastTry: lastTry({ attempt, maxAttempts }) };
      await step.run('advance', () => advance(worker, { ...event.data, ...tries }));
    },
  );
}
