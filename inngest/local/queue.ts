import { EventEmitter } from 'node:events';
import { Logger, run } from 'graphile-worker';
import type { ParsedCronItem, TaskList, WorkerEvents, WorkerPool } from 'graphile-worker';
import type { Pool } from 'pg';
import type { EngineLog } from './options.ts';

/** Calls at once. Each only waits for the worker; the functions' own limits are what bounds the work. */
const concurrency = 200;
const longestTimerMs = 60_000;

export type Queue = {
  /** Looks for jobs this many milliseconds from now, rather than at the next poll. */
  wakeIn(ms: number): void;
  /** Takes no more jobs; resolves when the ones under way are done. */
  stop(): Promise<void>;
  /** Rejects when the queue broke down for good. */
  done: Promise<void>;
};

type QueueOptions = { pool: Pool; taskList: TaskList; cron: ParsedCronItem[]; pollMs: number; log: EngineLog };

/** Starts graphile-worker. `cron` may be changed in place afterwards. */
export async function startQueue({ pool, taskList, cron, pollMs, log }: QueueOptions): Promise<Queue> {
  const events: WorkerEvents = new EventEmitter();
  let workers: WorkerPool | null = null;
  let stopping = false;
  events.on('pool:create', ({ workerPool }) => (workers = workerPool));
  const listening = new Promise<void>((resolve) => events.once('pool:listen:success', () => resolve()));
  const runner = await run({
    pgPool: pool,
    taskList,
    parsedCronItems: cron,
    noHandleSignals: true,
    events,
    logger: queueLogger(log),
    preset: {
      worker: {
        concurrentJobs: concurrency,
        pollInterval: pollMs,
        localQueue: { size: concurrency },
      },
    },
  });
  await Promise.race([listening, runner.promise]);
  const timers = new Set<NodeJS.Timeout>();
  return {
    wakeIn(ms) {
      if (stopping || ms > longestTimerMs) return;
      const timer = setTimeout(() => {
        timers.delete(timer);
        workers?.nudge(1);
      }, ms + 1);
      timers.add(timer);
    },
    async stop() {
      stopping = true;
      timers.forEach((timer) => clearTimeout(timer));
      await runner.stop();
    },
    done: runner.promise,
  };
}

/** graphile-worker's own messages: its chatter is dropped, its troubles are passed on without their payloads. */
export function queueLogger(log: EngineLog): Logger {
  return new Logger(() => (level, message) => {
    if (level === 'error') log.error({}, message);
    // It expects every job to hold a connection; ours hold one only to load and to settle.
    else if (level === 'warning' && !message.includes('maxPoolSize')) log.warn({}, message);
  });
}
