import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import { eventsChannel } from './notifier.ts';

const liveChannel = 'fleet_live';
/** A notification holds 8,000 bytes; a delta is kept to half of that. */
const liveBytes = 4_000;
/** How often streams are looked at without being told: a crash between a commit and its NOTIFY loses the latter. */
const tickMs = 5_000;

/** Text of the turn that is being written. */
export type LiveDelta = { turn: number; text: string };

/** One process's ears. All calls return a function that ends them. */
export type Listener = {
  /** Calls `wake` after commits to a stream, and whenever something may have been missed. */
  onStream(streamId: string, wake: () => void): () => void;
  /** The same for all streams of an org. */
  onOrg(orgId: string, wake: () => void): () => void;
  /** Deltas of a run as they are written; what is missed is not repeated. */
  onLive(runId: string, take: (delta: LiveDelta) => void): () => void;
  /** Sends a delta to all processes. Never fails: it is lost while the database is away. */
  notifyLive(runId: string, delta: LiveDelta): Promise<void>;
  /** Resolves once the first connection listens. */
  ready: Promise<void>;
  close(): Promise<void>;
};

const liveMessage = z.object({ run: z.string(), turn: z.int(), text: z.string() });

/** Opens the process's one listening connection, and again whenever it is lost. */
export function openListener(appUrl: string): Listener {
  const streams = new Hub<void>();
  const orgs = new Hub<void>();
  const live = new Hub<LiveDelta>();
  const connection = new Connection(appUrl, {
    connected() {
      streams.callAll();
      orgs.callAll();
    },
    heard(channel, payload) {
      if (channel === liveChannel) {
        const { run, ...delta } = liveMessage.parse(JSON.parse(payload));
        live.call(run, delta);
        return;
      }
      const [orgId = '', streamId = ''] = payload.split(':');
      streams.call(streamId);
      orgs.call(orgId);
    },
  });
  const tick = setInterval(() => streams.callAll(), tickMs);
  tick.unref();
  return {
    onStream: (streamId, wake) => streams.add(streamId, wake),
    onOrg: (orgId, wake) => orgs.add(orgId, wake),
    onLive: (runId, take) => live.add(runId, take),
    async notifyLive(runId, { turn, text }) {
      for (const piece of pieces(text)) {
        await connection.send(liveChannel, JSON.stringify({ run: runId, turn, text: piece }));
      }
    },
    ready: connection.ready,
    async close() {
      clearInterval(tick);
      await connection.close();
    },
  };
}

/** Who waits for what. A callback that is added twice is called twice. */
class Hub<T> {
  readonly #listeners = new Map<string, Set<{ call: (value: T) => void }>>();

  add(key: string, call: (value: T) => void): () => void {
    const entry = { call };
    const entries = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, entries.add(entry));
    return () => {
      entries.delete(entry);
      if (entries.size === 0 && this.#listeners.get(key) === entries) this.#listeners.delete(key);
    };
  }

  call(key: string, value: T): void {
    for (const { call } of [...(this.#listeners.get(key) ?? [])]) call(value);
  }

  callAll(this: Hub<void>): void {
    for (const key of [...this.#listeners.keys()]) this.call(key);
  }
}

type Ears = { connected(): void; heard(channel: string, payload: string): void };

class Connection {
  readonly #appUrl: string;
  readonly #ears: Ears;
  readonly #closing = new AbortController();
  readonly #keeping: Promise<void>;
  #client: pg.Client | null = null;
  readonly ready: Promise<void>;

  constructor(appUrl: string, ears: Ears) {
    this.#appUrl = appUrl;
    this.#ears = ears;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ready = promise;
    this.#keeping = this.#keep(resolve);
  }

  async send(channel: string, payload: string): Promise<void> {
    try {
      await this.#client?.query('select pg_notify($1, $2)', [channel, payload]);
    } catch {
      // ephemeral
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#client?.end().catch(() => {});
    await this.#keeping;
  }

  async #keep(ready: () => void): Promise<void> {
    const { signal } = this.#closing;
    for (let failures = 0; !signal.aborted; failures++) {
      const client = new pg.Client({
        connectionString: this.#appUrl,
        keepAlive: true,
        connectionTimeoutMillis: 10_000,
      });
      const ended = new Promise<void>((resolve) => client.once('end', resolve).on('error', () => resolve()));
      client.on('notification', ({ channel, payload }) => this.#ears.heard(channel, payload ?? ''));
      try {
        await client.connect();
        await client.query(`listen ${eventsChannel}; listen ${liveChannel}`);
        this.#client = client;
        failures = 0;
        ready();
        this.#ears.connected();
        if (!signal.aborted) await ended;
      } catch {
        // the server is away: again after a pause
      }
      this.#client = null;
      await client.end().catch(() => {});
      await sleep(Math.min(2_000, 50 * 2 ** failures), undefined, { signal }).catch(() => {});
    }
  }
}

/** A text in parts that each fit a notification whatever escapes JSON needs. */
function* pieces(text: string): Generator<string> {
  const escapedUnit = 6;
  const units = Math.floor(liveBytes / escapedUnit);
  if (Buffer.byteLength(JSON.stringify(text)) <= liveBytes) {
    yield text;
    return;
  }
  for (let at = 0; at < text.length; at += units) yield text.slice(at, at + units);
}
