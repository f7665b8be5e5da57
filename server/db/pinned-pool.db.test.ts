import type pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { dice } from '../domain/dice.ts';
import { testDatabase, type TestDatabase } from '../testing/database.ts';
import { makeOrg } from '../testing/factories.ts';
import { PinnedPool, type PinnedClient } from './pinned-pool.ts';

const interleavings = 10_000;
const seed = 20_261_128;

let t: TestDatabase;
let orgs: string[];
beforeAll(async () => {
  t = await testDatabase();
  orgs = [];
  for (let n = 0; n < 5; n += 1) orgs.push((await makeOrg(t.database)).orgId);
});

type Rows = { rows: { id: string }[] };
const idsIn = ({ rows }: Rows) => rows.map(({ id }) => id);
const seen = async (client: PinnedClient) => idsIn(await client.query<{ id: string }>('select id from org'));
const asked = async (pool: PinnedPool, org: string, more: object = {}) =>
  idsIn(await pool.query<pg.QueryResult<{ id: string }>>(org, { text: 'select id from org', ...more }));

/** One connection of `org` for as long as `use` takes. */
async function held<R>(pool: PinnedPool, org: string, use: (client: PinnedClient) => Promise<R>): Promise<R> {
  const client = await pool.take(org);
  try {
    return await use(client);
  } finally {
    pool.give(client, false);
  }
}

/** Ways in which a use of a connection ends badly. Each leaves the connection to whoever comes next. */
const mishaps: Record<string, (client: PinnedClient) => Promise<unknown>> = {
  error: (client) => client.query('select 1 / 0'),
  'error in a transaction': (client) => client.query('begin').then(() => client.query('select 1 / 0')),
  'transaction left open': (client) => client.query(`begin; select set_config('app.org', 'org_x', true)`),
  timeout: (client) => client.query(`begin; set local statement_timeout = 3; select pg_sleep(5)`),
  cancel: (client) => client.query('select pg_cancel_backend(pg_backend_pid()), pg_sleep(1)'),
  'killed connection': (client) => client.query('select pg_terminate_backend(pg_backend_pid()), pg_sleep(1)'),
};

test(`no context stays on a connection over ${interleavings} interleavings of orgs, errors, cancels and timeouts`, async () => {
  const pool = new PinnedPool({ appUrl: t.appUrl, max: 6 });
  const roll = dice(seed);
  const counts: Record<string, number> = {};
  const wrong: string[] = [];
  let left = interleavings;

  const once = async () => {
    const org = roll() < 0.05 ? '' : orgs[Math.floor(roll() * orgs.length)]!;
    const kinds = Object.keys(mishaps);
    const kind = roll() < 0.1 ? kinds[Math.floor(roll() * kinds.length)]! : 'none';
    counts[kind] = (counts[kind] ?? 0) + 1;
    const ids = await held(pool, org, async (client) => {
      const found = await seen(client);
      if (kind !== 'none') await mishaps[kind]!(client);
      return found;
    }).catch(() => null);
    if (ids !== null && ids.join() !== org) wrong.push(`${kind}: ${ids.join()} for ${org || 'no org'}`);
  };
  const user = async () => {
    while (left-- > 0) await once();
  };
  await Promise.all(Array.from({ length: 12 }, user));
  await pool.end();
  expect(wrong).toEqual([]);
  for (const kind of Object.keys(mishaps)) expect(counts[kind], kind).toBeGreaterThan(100);
});

test('a pool that kept a context would be seen', async () => {
  const pool = new PinnedPool({ appUrl: t.appUrl, max: 1 });
  const client = await pool.take(orgs[0]!);
  client.pinned = orgs[1];
  pool.give(client, false);
  expect(await held(pool, orgs[1]!, seen)).toEqual([orgs[0]]);
  await pool.end();
});

test('a statement that reads no table leaves a connection pinned to the org it served', async () => {
  const pool = new PinnedPool({ appUrl: t.appUrl, max: 1 });
  const [org = ''] = orgs;
  await held(pool, org, seen);
  const [told] = await pool.tableless<{ org: string }>({ text: `select current_setting('app.org') as org` });
  expect(told).toEqual({ org });
  await expect(pool.tableless({ text: 'select 1 / 0' })).rejects.toThrow(/division by zero/u);
  expect(await held(pool, org, seen)).toEqual([org]);
  expect(await held(pool, '', seen)).toEqual([]);
  await pool.end();
});

test('who would wait behind too many is refused at once, whatever it is for, and those who wait are served', async () => {
  const pool = new PinnedPool({ appUrl: t.appUrl, max: 1, mostWaiting: 20 });
  const [org = ''] = orgs;
  const busy = await pool.take(org);
  const waiting = Array.from({ length: 20 }, (_, n) => pool.tableless({ text: 'select $1::int as n', values: [n] }));
  const refused = { code: 'unavailable', message: expect.stringContaining('Too much waits') };
  await expect(pool.take(org)).rejects.toMatchObject(refused);
  await expect(asked(pool, org)).rejects.toMatchObject(refused);
  await expect(pool.tableless({ text: 'select 1' })).rejects.toMatchObject(refused);
  pool.give(busy, false);
  expect((await Promise.all(waiting)).flat()).toEqual(waiting.map((_, n) => ({ n })));
  expect(await asked(pool, org)).toEqual([org]);
  await pool.end();
});

/** Ways in which a query ends badly that brings its org with it, at the setting or behind it. */
const failing: Record<string, pg.QueryConfig> = {
  error: { text: 'select id, 1 / $1::int from org union all select id, 1 / 0 from org', values: [1] },
  'not even parsed': { text: 'select id from no_such_table' },
  'named and not parsed': { name: 'no-such-table', text: 'select id from no_such_table where id = $1', values: ['x'] },
  'a value that cannot be sent': { text: 'select $1::int as id from org', values: ['x'] },
  cancel: { text: 'select id, pg_cancel_backend(pg_backend_pid()), pg_sleep(1) from org' },
  'killed connection': { text: 'select id, pg_terminate_backend(pg_backend_pid()), pg_sleep(1) from org' },
};

test(`a query brings its org along, over ${interleavings} interleavings of orgs, statements and failures`, async () => {
  const pool = new PinnedPool({ appUrl: t.appUrl, max: 6 });
  const roll = dice(seed);
  const counts: Record<string, number> = {};
  const wrong: string[] = [];
  let left = interleavings;
  const pick = <T>(list: T[]): T => list[Math.floor(roll() * list.length)]!;
  const once = async () => {
    const org = roll() < 0.05 ? '' : pick(orgs);
    const kind = roll() < 0.1 ? pick(Object.keys(failing)) : 'none';
    counts[kind] = (counts[kind] ?? 0) + 1;
    const named = { name: 'orgs-of-mine', text: 'select id from org where id <> $1', values: ['none'] };
    const ids = await asked(pool, org, kind === 'none' ? pick([{}, named]) : failing[kind]).catch(() => null);
    if (kind === 'none' && ids?.join() !== org) wrong.push(`${String(ids)} for ${org || 'no org'}`);
    if (kind !== 'none' && org !== '' && ids !== null) wrong.push(`${kind} went well`);
  };
  const user = async () => {
    while (left-- > 0) await once();
  };
  await Promise.all(Array.from({ length: 12 }, user));
  await pool.end();
  expect(wrong).toEqual([]);
  for (const kind of Object.keys(failing)) expect(counts[kind], kind).toBeGreaterThan(100);
});

test('a query that fails behind its setting takes the setting back, and the connection goes on', async () => {
  const pool = new PinnedPool({ appUrl: t.appUrl, max: 1 });
  const [one = '', other = ''] = orgs;
  const backend = async (org: string) =>
    (await pool.query<pg.QueryResult<{ pid: number }>>(org, { text: 'select pg_backend_pid() as pid' })).rows[0]?.pid;
  const first = await backend(one);
  await expect(pool.query(other, failing['error']!)).rejects.toThrow(/division by zero/u);
  expect(await pool.tableless({ text: `select current_setting('app.org') as org` })).toEqual([{ org: one }]);
  expect(await asked(pool, one)).toEqual([one]);
  expect(await asked(pool, other)).toEqual([other]);
  expect(await backend(one)).toBe(first);
  await pool.end();
});

test('a query of another org is one message to the server', async () => {
  const pool = new PinnedPool({ appUrl: t.appUrl, max: 1 });
  const [one = '', other = ''] = orgs;
  const client = await pool.take(one);
  const { stream } = client.connection;
  let messages = 0;
  const uncork = stream.uncork.bind(stream);
  stream.uncork = () => {
    uncork();
    if (stream.writableCorked === 0) messages += 1;
  };
  const alone: number[] = [];
  const write = stream.write.bind(stream);
  stream.write = ((...args: Parameters<typeof write>) => {
    if (stream.writableCorked === 0) alone.push((args[0] as Buffer).length);
    return write(...args);
  }) as typeof stream.write;
  pool.give(client, false);
  expect(await asked(pool, other)).toEqual([other]);
  expect({ messages, alone }).toEqual({ messages: 1, alone: [] });
  await pool.end();
});
