import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import { translateFault } from './faults.ts';
import type { PinnedClient, PinnedPool } from './pinned-pool.ts';

/** Filled with the connection of the transaction that is being opened, for our own statements inside it. */
export const openingTransaction = new AsyncLocalStorage<{ client?: PinnedClient }>();

type Query = { text?: string } | string;

/** What Prisma's adapter sees of the shared pool: the connections of one org. */
export class OrgView extends pg.Pool {
  readonly #shared: PinnedPool;
  readonly #org: string;

  constructor(shared: PinnedPool, org: string) {
    super({ max: 1 }); // never connects itself: everything it hands out is the shared pool's
    this.#shared = shared;
    this.#org = org;
  }

  override query = ((config: pg.QueryConfig) => this.#shared.query(this.#org, config)) as unknown as pg.Pool['query'];

  override connect = (async () => {
    const client = await this.#shared.take(this.#org);
    const store = openingTransaction.getStore();
    // The first one only: what the transaction's own code opens later runs in the same context.
    if (store) store.client ??= client;
    return transactional(client, this.#org);
  }) as unknown as pg.Pool['connect'];

  override async end(): Promise<void> {}
}

/**
 * A connection as a transaction uses it: the org is set once more inside it, so that what the transaction sees does not
 * hang on the session, and a connection that comes back still in a transaction is closed.
 */
function transactional(client: PinnedClient, org: string) {
  const begin = `BEGIN; SELECT set_config('app.org', ${pg.escapeLiteral(org)}, true)`;
  return {
    query: async (query: Query) => {
      try {
        const isBegin = (typeof query === 'string' ? query : query.text) === 'BEGIN';
        return await client.query((isBegin ? begin : query) as string);
      } catch (error) {
        throw translateFault(error);
      }
    },
    on: client.on.bind(client),
    removeListener: client.removeListener.bind(client),
    release: (error?: Error | boolean) =>
      client.release(error === undefined ? client.getTransactionStatus() !== 'I' : error),
  };
}
