import pg from 'pg';
import { AppError } from '../domain/errors.ts';
import { leaseMs } from '../domain/runs/lease.ts';
import { translateFault } from './faults.ts';
import { PinningQuery } from './pinning-query.ts';

/** A pooled connection and the org whose rows it shows; '' shows none. */
export type PinnedClient = pg.PoolClient & { pinned?: string | undefined };

const tooManyWait = () =>
  new AppError('unavailable', 'Too much waits for the database at the moment. Try again in a few seconds.');

/** What pg-pool keeps of its idle connections; read to prefer one that already shows the wanted org. */
type Idle = { _idle?: { client: PinnedClient }[] };

/**
 * The process's connections as role fleet_app. Each is pinned to one org at a time through the setting that row-level
 * security reads, and pinned anew only when it last served another, by the message that brings the query.
 */
export class PinnedPool {
  readonly #pool: pg.Pool;
  readonly #mostWaiting: number;

  /** `mostWaiting`: beyond that a process is not slow but stuck; whoever asks next is told so at once, and nothing piles up. */
  constructor(options: { appUrl: string; max: number; mostWaiting?: number }) {
    this.#mostWaiting = options.mostWaiting ?? 5_000;
    this.#pool = new pg.Pool({
      connectionString: options.appUrl,
      max: options.max,
      connectionTimeoutMillis: 10_000,
      idleTimeoutMillis: 30_000,
      statement_timeout: 60_000,
      lock_timeout: 15_000,
      // A process that stands still inside a transaction must not hold a run beyond its lease, nor outlast who waits for the lock.
      idle_in_transaction_session_timeout: leaseMs,
      allowExitOnIdle: true,
    });
    // An idle connection that dies is dropped by the pool; the next query finds out whether the server is gone.
    this.#pool.on('error', () => {});
    // One that dies in use says so through its query; unheard, its 'error' event would end the process.
    this.#pool.on('connect', (client) => client.on('error', () => {}));
  }

  /** Takes a connection that shows exactly the rows of `org`. Give it back with `give`. */
  async take(org: string): Promise<PinnedClient> {
    this.#prefer(org);
    const client: PinnedClient = await this.#connect();
    if (client.pinned === org) return client;
    client.pinned = undefined;
    try {
      await client.query({ name: 'pin', text: "select set_config('app.org', $1, false)", values: [org] });
      client.pinned = org;
      return client;
    } catch (error) {
      client.release(true);
      throw translateFault(error);
    }
  }

  /** One statement on a connection that shows exactly the rows of `org`: one round trip, whomever it served before. */
  async query<R extends pg.QueryResult>(org: string, config: pg.QueryConfig): Promise<R> {
    this.#prefer(org);
    const client = await this.#connect();
    try {
      return (await (client.pinned === org ? client.query(config) : pinning(client, org, config))) as R;
    } catch (error) {
      // The server ends a connection with these words; the pool hears of it later than whoever takes it next.
      if ((error as { severity?: string }).severity === 'FATAL') client.pinned = undefined;
      throw translateFault(error);
    } finally {
      this.give(client, client.pinned === undefined);
    }
  }

  /** Returns a connection; one that failed or that is still in a transaction is closed instead. */
  give(client: PinnedClient, failed: boolean): void {
    client.release(failed || client.getTransactionStatus() !== 'I');
  }

  /**
   * Runs a statement that reads no table, on whatever connection is idle: pinning one to no org costs a round trip, and
   * the org that it served before pays another to have it back.
   */
  async tableless<R extends pg.QueryResultRow>(statement: pg.QueryConfig): Promise<R[]> {
    const client = await this.#connect();
    try {
      return (await client.query<R>(statement)).rows;
    } catch (error) {
      throw translateFault(error);
    } finally {
      this.give(client, false);
    }
  }

  async end(): Promise<void> {
    await this.#pool.end();
  }

  /** Waits for a connection so long, and behind so many others; then it is refused, and with it what it would have been for. */
  async #connect(): Promise<PinnedClient> {
    if (this.#pool.waitingCount >= this.#mostWaiting) throw tooManyWait();
    try {
      return await this.#pool.connect();
    } catch (error) {
      throw translateFault(error);
    }
  }

  #prefer(org: string): void {
    const idle = (this.#pool as Idle)._idle;
    const at = idle?.findLastIndex((item) => item.client.pinned === org) ?? -1;
    // The pool takes the last one.
    if (idle && at !== -1) idle.push(...idle.splice(at, 1));
  }
}

/** Pins the connection and asks, in one message. What fails behind the setting leaves it pinned as it was before. */
function pinning(client: PinnedClient, org: string, config: pg.QueryConfig): Promise<pg.QueryResult> {
  const before = client.pinned;
  client.pinned = undefined;
  return new Promise((resolve, reject) => {
    const query = new PinningQuery(org, config, (error, result) => {
      if (query.pinned) client.pinned = error ? before : org;
      if (error) reject(error);
      else resolve(result);
    });
    client.query(query as unknown as pg.Submittable);
  });
}
