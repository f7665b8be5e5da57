import { PrismaPg } from '@prisma/adapter-pg';
import { AppError } from '../domain/errors.ts';
import { translateFault } from './faults.ts';
import { PrismaClient } from './generated/client.ts';
import { guarded } from './guarded-client.ts';
import type { GlobalModel } from './guarded-client.ts';
import { Notifier } from './notifier.ts';
import { OrgView, openingTransaction } from './org-view.ts';
import { PinnedPool } from './pinned-pool.ts';
import type { PinnedClient } from './pinned-pool.ts';
import { setRaw } from './raw.ts';

type Hidden = GlobalModel | `$${string}`;

/** The rows of one org inside a transaction. It has no raw SQL: a set_config would show other orgs' rows. */
export type OrgTx = Omit<PrismaClient, Hidden>;
/** The rows of one org; each call is its own transaction. */
export type OrgDb = OrgTx & { $transaction<R>(use: (tx: OrgTx) => Promise<R>): Promise<R> };
/** The few tables that belong to no org. */
type SystemTx = Pick<PrismaClient, GlobalModel>;
export type SystemDb = SystemTx & { $transaction<R>(use: (tx: SystemTx) => Promise<R>): Promise<R> };

export type StaleWork = {
  orgId: string;
  kind: 'run' | 'stage-attempt' | 'environment-check' | 'mcp-trial' | 'pipeline-run' | 'approval';
  id: string;
};
export type PendingDeletion = { orgId: string; requestedAt: Date; dueAt: Date; held: boolean };
export type InstallationCounts = { orgs: number; running: number; queued: number; trusted: number };
type OrgOfUser = { id: string; slug: string; name: string; role: string };

/** One process's way to the database. Every method throws AppError `unavailable` while the server is away. */
export type Database = {
  org(orgId: string): OrgDb;
  /**
   * Runs `use` in one transaction on the org's rows: all of it is committed, or nothing. Inside, use `tx` only: another
   * client takes another connection, and enough of those wait for each other. Not to be held over calls to the outside.
   */
  transaction<R>(orgId: string, use: (tx: OrgTx) => Promise<R>): Promise<R>;
  system: SystemDb;
  orgsOfUser(userId: string): Promise<OrgOfUser[]>;
  orgBySlug(slug: string): Promise<string | null>;
  /** Work over all orgs that nobody holds at `now`. */
  staleWork(now: Date): Promise<StaleWork[]>;
  /** Of these runs of any org, those whose pipeline run was over before that time. */
  endedRuns(ids: string[], before: Date): Promise<string[]>;
  /** Proven domains whose record is to be looked for again. */
  domainsToLookAt(now: Date, most: number): Promise<{ orgId: string; id: string }[]>;
  /** Orgs with events that no signed head covers yet. */
  unsealedOrgs(): Promise<string[]>;
  /** Orgs that keep payloads of some kind for a time only. */
  orgsWithRetention(): Promise<string[]>;
  /** How long each org's log was when its last head was signed. */
  headSizes(): Promise<{ orgId: string; size: number }[]>;
  /** Webhooks of all orgs that are on. */
  webhooksAtWork(): Promise<{ orgId: string; id: string }[]>;
  /** Orgs with secrets that are sealed under a master key itself. */
  orgsWithEarlySeals(): Promise<string[]>;
  /** Orgs whose sandboxes may be on an account of their own. */
  orgsWithSandboxAccount(): Promise<string[]>;
  /** Whether an org waits for this address: it invited it, or takes in whoever has one of its domain. */
  isAwaited(email: string, now: Date): Promise<boolean>;
  /** Orgs whose grace is over, and those that are being taken away (`begun`). */
  dueDeletions(): Promise<{ orgId: string; begun: boolean }[]>;
  /** Orgs that are about to be deleted, the first one first: ids and times, for the operator. */
  pendingDeletions(): Promise<PendingDeletion[]>;
  /** How much there is of everything, over all orgs. */
  counts(): Promise<InstallationCounts>;
  /** The point of no return of an org whose grace is over, whose log is sealed to its end and of which nothing is held; throws otherwise. */
  beginPurge(orgId: string): Promise<void>;
  /** Takes rows of an org that is being purged; 0 when nothing is left of it. */
  purgeStep(orgId: string): Promise<number>;
  /** The server's clock: the one that leases and budgets go by, whatever the clocks of the workers say. */
  time(): Promise<Date>;
  close(): Promise<void>;
};

/** A client costs 0.6 MB and 8 ms. */
const keptClients = 200;
const noOrg = '';
const orgIdShape = /^[\w-]{1,64}$/;

/** Opens the process's shared pool of at most `max` connections (default 10) as role fleet_app. */
export function openDatabase({ appUrl, max = 10 }: { appUrl: string; max?: number }): Database {
  const parts = makeParts({ appUrl, max });
  const { pool, notifier } = parts;
  const ask = async (text: string, values: unknown[]) => (await pool.query(noOrg, { text, values })).rows;
  return {
    org: (orgId) => openClient(parts, checked(orgId)) as unknown as OrgDb,
    transaction: (orgId, use) => inTransaction(parts, checked(orgId), (tx) => use(tx as unknown as OrgTx)),
    system: openClient(parts, noOrg) as unknown as SystemDb,
    orgsOfUser: (userId) => ask('select id, slug, name, role from orgs_of_user($1)', [userId]),
    orgBySlug: async (slug) => (await ask('select org_by_slug($1) as id', [slug]))[0].id,
    async time() {
      const [row] = await pool.tableless<{ now: Date }>({ text: 'select clock_timestamp() as now' });
      return row!.now;
    },
    staleWork: (now) =>
      ask(
        `select org_id as "orgId", kind, id from stale_work($1)
        union all select org_id, kind, id from stale_environment_checks($1)
        union all select org_id, kind, id from stale_mcp_trials($1)`,
        [now],
      ),
    endedRuns: async (ids, before) =>
      (await ask('select id from ended_runs($1, $2)', [ids, before])).map(({ id }) => id as string),
    domainsToLookAt: (now, most) => ask('select org_id as "orgId", id from domains_to_look_at($1, $2)', [now, most]),
    unsealedOrgs: async () => (await ask('select org_id as id from unsealed_orgs()', [])).map(({ id }) => id as string),
    orgsWithRetention: async () =>
      (await ask('select org_id as id from orgs_with_retention()', [])).map(({ id }) => id as string),
    headSizes: () => ask('select org_id as "orgId", size from head_sizes()', []),
    webhooksAtWork: () => ask('select org_id as "orgId", id from webhooks_at_work()', []),
    orgsWithEarlySeals: async () =>
      (await ask('select org_id as id from orgs_with_early_seals()', [])).map(({ id }) => id as string),
    orgsWithSandboxAccount: async () =>
      (await ask('select org_id as id from orgs_with_sandbox_account()', [])).map(({ id }) => id as string),
    isAwaited: async (email, now) => (await ask('select is_awaited($1, $2) as it', [email, now]))[0].it as boolean,
    ...deletionsOf(pool, ask),
    async close() {
      await notifier.flush();
      await pool.end();
    },
  };
}

type Ask = (text: string, values: unknown[]) => Promise<Record<string, unknown>[]>;
type Deletions = 'dueDeletions' | 'pendingDeletions' | 'counts' | 'beginPurge' | 'purgeStep';

/** Rows that one step of a purge takes: a fraction of a second's work. */
const purgedAtOnce = 2_000;

function deletionsOf(pool: PinnedPool, ask: Ask): Pick<Database, Deletions> {
  const inOrg = async (orgId: string, text: string, values: unknown[]) =>
    (await pool.query(checked(orgId), { text, values })).rows;
  return {
    dueDeletions: async () =>
      (await ask('select org_id as "orgId", begun from due_deletions()', [])) as { orgId: string; begun: boolean }[],
    pendingDeletions: async () =>
      (await ask(
        'select org_id as "orgId", requested_at as "requestedAt", due_at as "dueAt", held from pending_deletions()',
        [],
      )) as PendingDeletion[],
    counts: async () => (await ask('select * from installation_counts()', []))[0] as InstallationCounts,
    beginPurge: async (orgId) => void (await inOrg(orgId, 'select begin_purge($1)', [orgId])),
    purgeStep: async (orgId) =>
      (await inOrg(orgId, 'select purge_step($1, $2) as gone', [orgId, purgedAtOnce]))[0].gone,
  };
}

type Parts = { pool: PinnedPool; notifier: Notifier; clientOf: (org: string) => PrismaClient };

function makeParts(options: { appUrl: string; max: number }): Parts {
  const pool = new PinnedPool(options);
  const clients = new Map<string, PrismaClient>();
  const clientOf = (org: string): PrismaClient => {
    const client = clients.get(org) ?? new PrismaClient({ adapter: new PrismaPg(new OrgView(pool, org)) });
    // Set anew, it is the youngest; the oldest goes when there are too many. Its pool is not its own: nothing to close.
    clients.delete(org);
    clients.set(org, client);
    const oldest = clients.keys().next().value;
    if (clients.size > keptClients && oldest !== undefined) clients.delete(oldest);
    return client;
  };
  return { pool, notifier: new Notifier(pool), clientOf };
}

function openClient(parts: Parts, orgId: string): PrismaClient {
  const { pool, notifier, clientOf } = parts;
  const db = guarded(clientOf(orgId), orgId === noOrg, (use) => inTransaction(parts, orgId, use));
  setRaw(db, {
    orgId,
    inTransaction: false,
    query: async (statement) => (await pool.query(orgId, statement)).rows,
    touched: (streamId) => notifier.touched(orgId, streamId),
  });
  return db;
}

async function inTransaction<R>(parts: Parts, orgId: string, use: (tx: PrismaClient) => Promise<R>): Promise<R> {
  const touched = new Set<string>();
  const opening: { client?: PinnedClient } = {};
  const run = async (plain: object) => {
    const { client } = opening;
    if (!client) throw new Error('the transaction has no connection');
    const tx = guarded(plain as PrismaClient, orgId === noOrg);
    setRaw(tx, {
      orgId,
      inTransaction: true,
      query: async (statement) => (await client.query(statement)).rows,
      touched: (streamId) => touched.add(streamId),
    });
    return use(tx);
  };
  try {
    const client = parts.clientOf(orgId);
    const limits = { maxWait: 10_000, timeout: 30_000 };
    const result = await openingTransaction.run(opening, () => client.$transaction(run, limits));
    for (const streamId of touched) parts.notifier.touched(orgId, streamId);
    return result;
  } catch (error) {
    throw translateFault(error);
  }
}

function checked(orgId: string): string {
  if (!orgIdShape.test(orgId)) throw new AppError('not_found', 'There is no such org.');
  return orgId;
}
