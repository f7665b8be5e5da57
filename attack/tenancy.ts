import pg from 'pg';
import { asking, tryProcedures, type Admin, type Ask, type Tried } from '../server/api/testing/foreign-ids.ts';
import { fillTables } from '../server/api/testing/fill-tables.ts';
import { furnishedOrg, type Furnished } from '../server/api/testing/furnished-org.ts';
import { careless, tryTables, withoutForeignKeys, withoutRowSecurity } from '../server/api/testing/locks.ts';
import { testWeb } from '../server/api/testing/test-web.ts';
import { openDatabase, type Database } from '../server/db/connect.ts';
import { openListener } from '../server/db/listen.ts';
import { openBenchDatabase } from '../bench/database.ts';
import type { Closing, Verdict } from './case.ts';
import type { Grounds } from './groups.ts';

type Ground = { admin: Admin; appUrl: string; database: Database; mine: Furnished; theirs: Furnished; owner: Ask };

/** What is taken away and how the rest is tried; `open`: so much is gone that the attempts must get something. */
type Trial = { id: string; tries: string; run(ground: Ground): Promise<Tried>; open?: boolean };

/** Undone even where the trial breaks. */
const unsecured = async (ground: Ground, run: () => Promise<Tried>): Promise<Tried> => {
  const putBack = await withoutRowSecurity(ground.admin);
  return run().finally(putBack);
};

const byTables = (ground: Ground, as: string) => tryTables(ground, { as, victim: ground.theirs.org.orgId });
const byProcedures = (ground: Ground) => tryProcedures(ground, ground.owner);
const byCareless = (ground: Ground) => tryProcedures(ground, careless(ground, ground.owner));

/** In order: the last ones drop what is not put back. */
const trials: Trial[] = [
  { id: 'without-scopes', tries: 'every procedure, as one who has every scope', run: byProcedures },
  { id: 'without-client', tries: 'plain SQL of one org', run: (on) => byTables(on, on.mine.org.orgId) },
  { id: 'without-context', tries: 'plain SQL of no org', run: (on) => byTables(on, '') },
  { id: 'without-where', tries: 'a handler that forgot the org', run: byCareless },
  { id: 'without-row-security', tries: 'every procedure', run: (on) => unsecured(on, () => byProcedures(on)) },
  {
    id: 'sees-open-tables',
    tries: 'plain SQL without row-level security',
    open: true,
    run: (on) => unsecured(on, () => byTables(on, on.mine.org.orgId)),
  },
  {
    id: 'sees-careless-handler',
    tries: 'a handler that forgot the org, without row-level security',
    open: true,
    run: (on) => unsecured(on, () => byCareless(on)),
  },
  {
    id: 'without-org-keys',
    tries: 'every procedure, without foreign keys',
    run: async (on) => {
      await withoutForeignKeys(on.admin);
      return byProcedures(on);
    },
  },
];

/** The four locks between orgs, each taken away in turn, on a database of their own. */
export async function onTenancy({ chosen }: Grounds): Promise<Verdict[]> {
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const ground = await openGround((close) => closers.push(close));
    const verdicts: Verdict[] = [];
    for (const trial of trials.filter(({ id }) => chosen({ id }))) verdicts.push(await judge(trial, ground));
    return verdicts;
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}

async function openGround(closing: Closing): Promise<Ground> {
  const { place } = await openBenchDatabase(closing);
  const pool = new pg.Pool({ connectionString: place.adminUrl, max: 1 });
  // The server may end a connection before the pool has.
  pool.on('error', () => {});
  closing(() => pool.end());
  const admin: Admin = async (sql, values) => (await pool.query(sql, values)).rows;
  const { appUrl } = place;
  const database = openDatabase({ appUrl });
  closing(() => database.close());
  const listener = openListener(appUrl);
  closing(() => listener.close());
  const [mine, theirs] = [await furnishedOrg(database), await furnishedOrg(database)];
  await fillTables(admin, theirs.org.orgId);
  const viewer = { ...mine.org.owner, operator: true };
  return {
    admin,
    appUrl,
    database,
    mine,
    theirs,
    owner: asking(testWeb({ database, listener }), { viewer, key: null }),
  };
}

async function judge({ id, tries, run, open = false }: Trial, ground: Ground): Promise<Verdict> {
  const began = performance.now();
  const { attempts, leaks } = await run(ground);
  const { org, ids } = ground.mine;
  const own = await ground.owner('tasks.get', { org: org.slug, taskId: ids.taskId });
  return {
    id,
    tries: `${tries}: ${attempts} attempts`,
    escapes: open ? [] : leaks,
    answered: attempts > 0 && (open ? leaks.length > 0 : true),
    said: open ? 'nothing was seen' : 'nothing was tried',
    audited: null,
    twinPassed: own.code === 'OK' && own.value.includes(ids.taskId),
    twinSaid: `${own.code} ${own.message}`,
    millis: performance.now() - began,
  };
}
