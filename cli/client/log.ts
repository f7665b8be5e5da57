import { setTimeout as sleep } from 'node:timers/promises';
import type { EventView } from '../../server/domain/views/views.ts';
import { eventLine } from '../demo/print-event.ts';
import type { FleetClient } from './fleet-client.ts';
import { asLoggedIn, findTask } from './tasks.ts';

type Of = { file: string; print: (line: string) => void };

/** Prints what the runs of a task did and do, one after another, until the task is over. */
export async function printLog({ file, print }: Of, named: string): Promise<void> {
  await asLoggedIn(file, async (session) => {
    const { client, org } = session;
    const seen = new Set<string>();
    for (let task = await findTask(session, named); ;) {
      const next = task.pipelineRun.stages.find(({ runId }) => runId !== null && !seen.has(runId));
      if (next?.runId) {
        seen.add(next.runId);
        await followRun({ client, org, runId: next.runId }, (event) => {
          const line = eventLine({ source: `${next.stage} ${next.attempt}`, event });
          if (line !== '') print(line);
        });
      } else if (task.pipelineRun.endedAt !== null) {
        return print(task.pipelineRun.sentence);
      } else {
        await sleep(1_000);
      }
      task = await client.tasks.get.query({ org, taskId: task.id });
    }
  });
}

function followRun(
  { client, org, runId }: { client: FleetClient; org: string; runId: string },
  take: (event: EventView) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const onData = ({ data }: { data: EventView }) => take(data);
    client.runs.events.subscribe({ org, runId }, { onData, onComplete: resolve, onError: reject });
  });
}
