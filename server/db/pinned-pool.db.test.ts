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

const seen = async (client: PinnedClient) =>
  (await client.query<{ id: string }>('select id from org')).rows.map(({ id }) => id);

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
    const ids = await pool
      .with(org, async (client) => {
        const found = await seen(client);
        if (kind !== 'none') await mishaps[kind]!(client);
        return found;
      })
      .catch(() => null);
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
  expect(await pool.with(orgs[1]!, seen)).toEqual([orgs[0]]);
  await pool.end();
});

test('a statement that reads no table leaves a connection pinned to the org it served', async () => {
  const pool = new PinnedPool({ appUrl: t.appUrl, max: 1 });
  const [org = ''] = orgs;
  await pool.with(org, seen);
  const [told] = await pool.tableless<{ org: string }>({ text: `select current_setting('app.org') as org` });
  expect(told).toEqual({ org });
  await expect(pool.tableless({ text: 'select 1 / 0' })).rejects.toThrow(/division by zero/u);
  expect(await pool.with(org, seen)).toEqual([org]);
  expect(await pool.with('', seen)).toEqual([]);
  await pool.end();
});
