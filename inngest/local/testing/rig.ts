import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from 'inngest/node';
import type { ServeHandlerOptions } from 'inngest';
import pg from 'pg';
import { busClient } from '../../bus/client.ts';
import type { BusClient } from '../../bus/client.ts';
import { startEngine } from '../engine.ts';
import type { Engine } from '../engine.ts';
import type { EngineOptions, EngineTiming } from '../options.ts';

export const keys = { eventKey: 'event-key-of-the-test', signingKey: `signkey-test-${'a1b2'.repeat(16)}` };
const silent = { info() {}, warn() {}, error() {}, debug() {} };
/** Short enough to watch, long enough to tell a retry from a second delivery. */
const quick: Partial<EngineTiming> = {
  retry: { baseMs: 20, capMs: 200 },
  reconnect: { baseMs: 20, capMs: 100 },
  lockWait: 2000,
  stopGrace: 200,
};

export type Functions = ServeHandlerOptions['functions'];

/** The functions behind the SDK's own HTTP handler, on loopback. */
type TestWorker = {
  url: string;
  port: number;
  /** Has the SDK register its functions; the engine's answer. */
  register(): Promise<{ status: number; message: string }>;
  /** Breaks every connection off, as a crash does. */
  crash(): Promise<void>;
};

export async function startWorker(client: BusClient, functions: Functions, port = 0): Promise<TestWorker> {
  const server = http.createServer(serve({ client, functions, servePath: '/api/inngest' }));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: taken } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${taken}/api/inngest`;
  return {
    url,
    port: taken,
    async register() {
      const response = await fetch(url, { method: 'PUT' });
      const body = (await response.json()) as { message: string };
      return { status: response.status, message: body.message };
    },
    crash: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function testClient(baseUrl: string): BusClient {
  return busClient({ baseUrl, ...keys, logger: silent });
}

export function testEngine(databaseUrl: string, options: Partial<EngineOptions> = {}): Promise<Engine> {
  return startEngine({
    databaseUrl,
    host: '127.0.0.1',
    port: 0,
    ...keys,
    log: silent,
    now: () => new Date(),
    random: () => 0.5,
    ...options,
    timing: { ...quick, ...options.timing },
  });
}

type RunRow = {
  function: string;
  status: string;
  output: unknown;
  error: { name: string; message: string } | null;
};

/** Reads what the engine wrote. */
export function engineRows(databaseUrl: string) {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  pool.on('error', () => undefined);
  const runs = async (): Promise<RunRow[]> => {
    const { rows } = await pool.query<{
      function: string;
      status: string;
      output: string | null;
      error: string | null;
    }>('select function_id as function, status, output, error from engine.run order by id');
    const parse = (text: string | null) => (text === null ? null : JSON.parse(text));
    return rows.map((row) => ({ ...row, output: parse(row.output), error: parse(row.error) }));
  };
  return {
    pool,
    runs,
    /** Waits until the function has that many runs, all ended. */
    ended: (id: string, count = 1) =>
      until(async () => {
        const own = (await runs()).filter((run) => run.function === `fleet-${id}`);
        return own.length === count && own.every((run) => run.status !== 'active') ? own : null;
      }, `${count} ended run(s) of ${id}`),
    end: () => pool.end(),
  };
}

/** Polls for a condition, so that no test guesses how long something takes. */
export async function until<T>(probe: () => Promise<T | null | false> | T | null | false, what: string): Promise<T> {
  // Longer than a cron trigger may take to come round.
  const deadline = Date.now() + 90_000;
  for (;;) {
    const found = await probe();
    if (found !== null && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await sleep(10);
  }
}

/** A door a function waits at until the test opens it. */
export function gate() {
  let open = () => {};
  const passed = new Promise<void>((resolve) => (open = resolve));
  let arrive = () => {};
  const reached = new Promise<void>((resolve) => (arrive = resolve));
  return {
    /** In the function. */
    async pass() {
      arrive();
      await passed;
    },
    /** In the test: somebody waits there. */
    reached,
    open: () => open(),
  };
}
