import { setTimeout as sleep } from 'node:timers/promises';
import type { EventView, TaskView } from '../../server/domain/views/views.ts';
import type { FleetClient } from './client.ts';

export type SeenEvent = { source: string; event: EventView };

type Following = {
  client: FleetClient;
  org: string;
  taskId: string;
  onEvent: (seen: SeenEvent) => void;
  onWaiting: (approvalId: string) => Promise<void>;
  signal: AbortSignal;
};

const terminal = new Set(['succeeded', 'failed', 'stopped']);

/** While the server is away (the crash story kills it) a question is asked again until it is back. */
export async function patiently<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const answered = error instanceof Error && 'data' in error && error.data !== null && error.data !== undefined;
      if (answered || signal.aborted) throw error;
      await sleep(200, undefined, { signal });
    }
  }
}

/** Rejects with the signal's reason. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/** Subscribes to every run's stream once, and hands on each event exactly once, in the stream's order. */
function runStreams({ client, org, onEvent }: Following) {
  const open = new Map<string, { unsubscribe(): void; ended: Promise<void> }>();
  const seen = new Map<string, number>();
  const take = (source: string, event: EventView) => {
    if (event.seq <= (seen.get(event.streamId) ?? 0)) return;
    seen.set(event.streamId, event.seq);
    onEvent({ source, event });
  };
  return {
    follow(runId: string, source: string) {
      if (open.has(runId)) return;
      const onData = ({ data }: { data: EventView }) => take(source, data);
      const { promise: ended, resolve: onComplete, reject: onError } = Promise.withResolvers<void>();
      ended.catch(() => undefined);
      open.set(runId, { ...client.runs.events.subscribe({ org, runId }, { onData, onComplete, onError }), ended });
    },
    /** Resolves when every stream was read to its end. */
    ended: () => Promise.all([...open.values()].map(({ ended }) => ended)),
    close: () => open.forEach((subscription) => subscription.unsubscribe()),
  };
}

async function drainOrgEvents({ client, org, onEvent, signal }: Following, afterSeq: number): Promise<number> {
  let last = afterSeq;
  for (;;) {
    const events = await patiently(() => client.audit.events.query({ org, afterSeq: last, limit: 200 }), signal);
    for (const event of events) onEvent({ source: 'org', event });
    last = events.at(-1)?.seq ?? last;
    if (events.length < 200) return last;
  }
}

/** Follows a task to its end: prints nothing, decides nothing; both are the caller's. Returns the task as it ended. */
export async function followTask(following: Following): Promise<TaskView> {
  const { client, org, taskId, signal } = following;
  const streams = runStreams(following);
  const decided = new Set<string>();
  let orgSeq = 0;
  try {
    for (;;) {
      const task = await patiently(() => client.tasks.get.query({ org, taskId }), signal);
      for (const stage of task.pipelineRun.stages) {
        if (stage.runId) streams.follow(stage.runId, `${stage.stage} ${stage.attempt}`);
      }
      orgSeq = await drainOrgEvents(following, orgSeq);
      if (terminal.has(task.pipelineRun.status)) {
        await Promise.race([streams.ended(), untilAborted(signal)]);
        return task;
      }
      const pending = await patiently(() => client.approvals.list.query({ org, status: 'pending' }), signal);
      for (const { id } of pending.filter((approval) => approval.taskId === taskId && !decided.has(approval.id))) {
        decided.add(id);
        await following.onWaiting(id);
      }
      await sleep(250, undefined, { signal });
    }
  } finally {
    streams.close();
  }
}
