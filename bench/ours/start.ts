import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { bus } from '../../inngest/bus/bus.ts';
import { busClient, type BusClient } from '../../inngest/bus/client.ts';
import { startEngine } from '../../inngest/local/engine.ts';
import { serveWorker } from '../../inngest/runtime/serve-worker.ts';
import type { Worker } from '../../inngest/runtime/worker.ts';
import type { Place } from '../database.ts';
import { openBenchFleet } from '../fleet.ts';
import { readings, type Closing, type Contestant } from '../harness.ts';
import { names } from '../names.ts';

/** What a slice has come to. */
type Moments = { began(): void; opened(): void };

const silent = { info() {}, warn() {}, error() {}, debug() {} };

/** The embedded engine and the real worker with the real functions: a run is asked for as the pipeline does. */
export async function open(place: Place, closing: Closing): Promise<Contestant[]> {
  const moments: Moments = { began() {}, opened() {} };
  const { worker, queueRun } = await openBenchFleet({ place, closing, model: () => null });
  const client = await openEngine(place, closing);
  const served = await serveWorker(client, watched(worker, moments), 0);
  closing(() => served.close());
  if (!(await served.register())) throw new Error('The engine did not take the functions.');
  const pool = new pg.Pool({ connectionString: place.engineUrl, max: 1 });
  // The server may end a connection before the pool has.
  pool.on('error', () => {});
  closing(() => pool.end());
  const { send } = bus(client, (error) => {
    throw error;
  });

  const start = async () => {
    const data = await queueRun();
    await idle(pool);
    const told = Promise.all([first(moments, 'began'), first(moments, 'opened')]);
    const sent = performance.now();
    await send([{ name: 'run/slice-requested', data }]);
    const [began, opened] = await told;
    return { began: began - sent, opened: opened - sent };
  };
  const block = async (operations: number) => {
    const starts: Awaited<ReturnType<typeof start>>[] = [];
    while (starts.length < operations) starts.push(await start());
    return starts;
  };
  return readings(block, {
    [names.started]: ({ began }) => began,
    [names.claimed]: ({ opened }) => opened,
  });
}

async function openEngine({ engineUrl }: Place, closing: Closing): Promise<BusClient> {
  const eventKey = randomBytes(16).toString('hex');
  const signingKey = `signkey-bench-${randomBytes(32).toString('hex')}`;
  const engine = await startEngine({
    databaseUrl: engineUrl,
    host: '127.0.0.1',
    port: 0,
    eventKey,
    signingKey,
    log: silent,
    now: () => new Date(),
    random: Math.random,
  });
  closing(() => engine.close());
  return busClient({ baseUrl: engine.url, eventKey, signingKey, logger: silent });
}

/** A slice asks the database for the time first of all, and opens its model once it holds the run, its file and its log. */
function watched(worker: Worker, moments: Moments): Worker {
  const { database, models } = worker;
  return {
    ...worker,
    database: {
      ...database,
      time() {
        moments.began();
        return database.time();
      },
    },
    models: {
      ...models,
      async open() {
        moments.opened();
        return null;
      },
    },
  };
}

/** When the moment comes next. */
function first(moments: Moments, moment: keyof Moments): Promise<number> {
  return new Promise((resolve) => (moments[moment] = () => resolve(performance.now())));
}

/** Resolves when the engine has nothing more to do, so that no operation starts in the wake of another. */
async function idle(pool: pg.Pool): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query("select from engine.run where status = 'active' limit 1");
    if (rowCount === 0) return;
    await sleep(5);
  }
}
