import type { ParsedCronItem, TaskList } from 'graphile-worker';
import { Pool } from 'pg';
import { v7 } from 'uuid';
import { createCatalog } from './catalog.ts';
import { takeEngineLock } from './engine-lock.ts';
import type { EngineLock } from './engine-lock.ts';
import { executeCall } from './execute-call.ts';
import type { Calling } from './execute-call.ts';
import { startServer } from './http-server.ts';
import type { Doors } from './http-server.ts';
import { parseEvents, planBatch } from './ingest.ts';
import { defaultTiming } from './options.ts';
import type { EngineOptions, EngineTiming } from './options.ts';
import { createPoster } from './post-call.ts';
import { queueLogger, startQueue } from './queue.ts';
import type { Queue } from './queue.ts';
import { parseRegistration } from './registration.ts';
import { planTick, tasks, timetable } from './schedule.ts';
import { createSlots } from './slots.ts';
import { acceptEvents } from './store/accept-events.ts';
import { listFunctions, saveFunctions } from './store/functions.ts';
import { migrateEngine } from './store/migrate.ts';
import { queueUnreached, requeueAll, requeueLost } from './store/queue.ts';
import { countEngine, pruneEngine } from './store/upkeep.ts';
import { createWorkerHealth } from './worker-health.ts';

export type Engine = {
  url: string;
  port: number;
  /** Takes no more calls, lets those in flight run on for `stopGrace`, then leaves them to the next start. Idempotent. */
  close(): Promise<void>;
  /** Resolves with the reason when the engine cannot go on (database gone, lock lost). It has stopped working then. */
  failed: Promise<Error>;
};

type Parts = { calling: Calling; cron: ParsedCronItem[]; lock: EngineLock; queue: Queue | null; stopping: boolean };

/**
 * Starts the durable engine on a database: one per database. Throws AppError `unavailable` when another one stays.
 * Work that a dead engine left behind is taken up before this resolves.
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const timing = { ...defaultTiming, ...options.timing };
  const lock = await takeEngineLock(options.databaseUrl, timing.lockWait);
  const parts = assemble(options, timing, lock);
  const { calling, cron } = parts;
  const { pool } = calling;
  try {
    await migrateEngine(pool, queueLogger(options.log));
    calling.catalog.replace(await listFunctions(pool));
    cron.push(...timetable(calling.catalog.all()));
    const open = await requeueAll(pool);
    if (open > 0) options.log.info({ calls: open }, 'taking up what was left');
    const queue = await startQueue({ pool, taskList: taskList(calling), cron, pollMs: timing.poll, log: options.log });
    parts.queue = queue;
    const server = await startServer(openDoors(parts), options);
    return running(parts, queue, server);
  } catch (error) {
    await parts.queue?.stop();
    await pool.end();
    await lock.release();
    throw error;
  }
}

function assemble(options: EngineOptions, timing: EngineTiming, lock: EngineLock): Parts {
  const { databaseUrl, signingKey, now, random, log } = options;
  const pool = new Pool({ connectionString: databaseUrl, application_name: 'fleet engine', max: 10 });
  const broke = (error: Error) => log.warn({ error: error.message }, 'a database connection broke');
  pool.on('error', broke).on('connect', (client) => client.on('error', broke));
  const calling: Calling = {
    pool,
    catalog: createCatalog(),
    slots: createSlots(),
    poster: createPoster({ signingKey, now, timeoutMs: timing.call }),
    health: createWorkerHealth(now),
    log,
    timing,
    now,
    random,
    newId: v7,
    wakeIn: (ms) => parts.queue?.wakeIn(ms),
    inFlight: new Set(),
    stopping: () => parts.stopping,
  };
  const parts: Parts = { calling, cron: [], lock, queue: null, stopping: false };
  return parts;
}

function taskList(calling: Calling): TaskList {
  const { pool, catalog, newId, inFlight, slots } = calling;
  const waiting = (id: string) => inFlight.has(id) || slots.isParked(id);
  return {
    [tasks.call]: (payload) => executeCall(calling, (payload as { call: string }).call),
    [tasks.cron]: async (payload) => void (await acceptEvents(pool, planTick(payload, catalog, newId))),
    [tasks.prune]: () => pruneEngine(pool),
    [tasks.mend]: async () => {
      const mended = await requeueLost(pool, waiting);
      if (mended > 0) calling.log.warn({ calls: mended }, 'calls that had lost their job were queued again');
    },
  };
}

function openDoors({ calling, cron }: Parts): Doors {
  const { pool, catalog, newId, now } = calling;
  return {
    async takeEvents(body, seed) {
      const events = parseEvents(body, { seed, now: now(), newId });
      const batch = planBatch(events, catalog, newId);
      if (batch.runs.length + batch.cancellations.length > 0) await acceptEvents(pool, batch);
      return events.map(({ event }) => event.id);
    },
    async register(body) {
      const registration = parseRegistration(body);
      const modified = await saveFunctions(pool, registration);
      catalog.replace(await listFunctions(pool));
      cron.splice(0, cron.length, ...timetable(catalog.all()));
      await queueUnreached(
        pool,
        registration.functions.map((spec) => spec.id),
      );
      calling.log.info({ app: registration.app, functions: registration.functions.length, modified }, 'registered');
      return modified;
    },
    health: async () => ({
      status: 'ok',
      ...(await countEngine(pool)),
      calls: calling.slots.counts(),
      worker: calling.health.status(),
    }),
  };
}

function running(parts: Parts, queue: Queue, server: Awaited<ReturnType<typeof startServer>>): Engine {
  const { calling, lock } = parts;
  let closing: Promise<void> | null = null;
  const shut = async () => {
    parts.stopping = true;
    const cutOff = setTimeout(calling.poster.abort, calling.timing.stopGrace);
    await queue.stop();
    clearTimeout(cutOff);
    calling.poster.abort();
    await server.close();
    await calling.pool.end();
    await lock.release();
  };
  const broken = queue.done.then(
    () => new Promise<Error>(() => undefined),
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  const failed = Promise.race([lock.lost, broken]).then((error) => {
    parts.stopping = true;
    calling.poster.abort();
    return error;
  });
  return { url: server.url, port: server.port, close: () => (closing ??= shut()), failed };
}
