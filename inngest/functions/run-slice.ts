import type { BusClient } from '../bus/client.ts';
import { on } from '../bus/client.ts';
import { driveSlice } from '../runtime/drive-slice.ts';
import { lastTry } from '../runtime/last-try.ts';
import type { Worker } from '../runtime/worker.ts';
import { mostRuns } from '../../server/domain/budget/amounts.ts';

/**
 * One slice of a run, then the wish for the next one. The engine shares the places out by org; the claim tells doubles apart.
 * One slice more than an org has places comes through: it is told what its run waits for, and makes room for the next one.
 */
export function runSlice(client: BusClient, worker: Worker) {
  return client.createFunction(
    {
      id: 'run-slice',
      triggers: [on('run/slice-requested')],
      concurrency: [{ key: 'event.data.orgId', limit: mostRuns + 1 }, { limit: 24 }],
      retries: 4,
    },
    async ({ event, step, attempt, maxAttempts }) => {
      const { orgId, runId } = event.data;
      const { again, afterMs } = await step.run('slice', () =>
        driveSlice(worker, { orgId, runId, lastTry: lastTry({ attempt, maxAttempts }) }),
      );
      if (!again) return;
      if (afterMs > 0) await step.sleep('pause', afterMs);
      await step.sendEvent('next', { name: 'run/slice-requested', data: { orgId, runId } });
    },
  );
}
