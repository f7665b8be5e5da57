import { EventEmitter, once } from 'node:events';
import { Logger, run, type WorkerEvents } from 'graphile-worker';
import pg from 'pg';
import type { Place } from '../database.ts';
import { names } from '../names.ts';
import type { Closing, Contestant } from '../harness.ts';

const fail = (error: Error) => process.stderr.write(`graphile-worker: ${error.message}\n`);

/** The bare queue: one graphile-worker job added and seen running, each after the one before is done. */
export async function open({ peerUrl }: Place, closing: Closing): Promise<Contestant[]> {
  const pool = new pg.Pool({ connectionString: peerUrl, max: 10 });
  pool.on('error', fail).on('connect', (client) => client.on('error', fail));
  closing(() => pool.end());
  const events: WorkerEvents = new EventEmitter();
  let started = () => {};
  const runner = await run({
    pgPool: pool,
    concurrency: 4,
    noHandleSignals: true,
    events,
    logger: new Logger(() => () => {}),
    taskList: { bench: async () => started() },
  });
  closing(() => runner.stop());
  const block = async (operations: number) => {
    const samples: number[] = [];
    for (let n = 0; n < operations; n += 1) {
      const running = new Promise<void>((resolve) => (started = resolve));
      const done = once(events, 'job:complete');
      const sent = performance.now();
      await runner.addJob('bench', { n });
      await running;
      samples.push(performance.now() - sent);
      await done;
    }
    return samples;
  };
  return [{ name: names.graphile, block }];
}
