import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { openDatabase } from '../db/connect.ts';
import { makeOrg } from '../testing/factories.ts';
import { openSchemaEngine, readMigrations } from './migrate-engine.ts';
import { applyMigrations, ensureRoles } from './migrate.ts';

const { adminUrl: serverUrl, appPassword, enginePassword } = inject('postgres');
const passwords = { appPassword, enginePassword };
const cleaning: string[] = [];
afterEach(async () => {
  for (const sql of cleaning.splice(0).reverse()) await run(serverUrl, sql);
});

async function run(url: string, sql: string): Promise<pg.QueryResultRow[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** An empty database, the superuser's or that of an owner with the given rights. */
async function emptyDatabase(rights?: string): Promise<{ adminUrl: string; name: string; owner: string }> {
  const id = randomUUID().replaceAll('-', '');
  const name = `test_${id}`;
  const owner = rights === undefined ? 'postgres' : `owner_${id}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  if (rights !== undefined) {
    await run(serverUrl, `create role ${owner} login password 'pw' ${rights}`);
    cleaning.push(`drop role ${owner}`);
    Object.assign(url, { username: owner, password: 'pw' });
  }
  await run(serverUrl, `create database ${name} owner ${owner}`);
  cleaning.push(`drop database ${name} with (force)`);
  return { adminUrl: url.href, name, owner };
}

const names = readMigrations().migrationDirectories.map(({ path }) => path);

describe('migrations', () => {
  test('bring an empty database to the newest schema, once', async () => {
    const { adminUrl } = await emptyDatabase();
    await ensureRoles({ adminUrl, ...passwords });
    expect(await applyMigrations({ adminUrl })).toEqual({ applied: names });
    expect(await applyMigrations({ adminUrl })).toEqual({ applied: [] });
    const open = await run(
      adminUrl,
      `select count(*)::int as n from pg_stat_activity where datname = current_database()`,
    );
    expect(open).toEqual([{ n: 1 }]);
  });

  test('started by several processes at once are applied by one', async () => {
    const { adminUrl } = await emptyDatabase();
    await ensureRoles({ adminUrl, ...passwords });
    const all = await Promise.all([1, 2, 3].map(() => applyMigrations({ adminUrl })));
    expect(all.flatMap(({ applied }) => applied)).toEqual(names);
  });

  test('of a newer Fleet are left alone, and named', async () => {
    const { adminUrl } = await emptyDatabase();
    await ensureRoles({ adminUrl, ...passwords });
    await applyMigrations({ adminUrl });
    await run(
      adminUrl,
      `insert into _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
        values ('later', 'x', now(), '99991231000000_from_later', 1)`,
    );
    await expect(applyMigrations({ adminUrl })).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(/newer Fleet: it has 99991231000000_from_later,[^]*FLEET_DATA_DIR/),
    });
  });

  test('cut short by a crash are taken up again', async () => {
    const { adminUrl } = await emptyDatabase();
    await ensureRoles({ adminUrl, ...passwords });
    await applyMigrations({ adminUrl });
    await run(adminUrl, `update _prisma_migrations set finished_at = null where migration_name = '${names[0]}'`);
    await run(adminUrl, `drop schema public cascade; create schema public`);
    await run(adminUrl, 'grant usage on schema public to fleet_app, fleet_system, fleet_purger, fleet_eraser');
    expect(await applyMigrations({ adminUrl })).toEqual({ applied: names });
  });

  test('leave no half when one fails, and can be tried again', async () => {
    const { adminUrl } = await emptyDatabase();
    await ensureRoles({ adminUrl, ...passwords });
    await run(adminUrl, 'create function stale_work(timestamptz) returns int language sql return 1');
    for (let n = 0; n < 2; n++) {
      const failed = applyMigrations({ adminUrl });
      await expect(failed).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('stale_work'),
      });
      expect(await run(adminUrl, `select from pg_policies`)).toEqual([]);
    }
    await run(adminUrl, 'drop function stale_work');
    expect(await applyMigrations({ adminUrl })).toEqual({ applied: names.slice(1) });
  });

  test('keep away from a database that holds something else', async () => {
    const { adminUrl } = await emptyDatabase();
    await ensureRoles({ adminUrl, ...passwords });
    await run(adminUrl, 'create table invoices(n int)');
    const refused = applyMigrations({ adminUrl });
    await expect(refused).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('createdb'),
    });
  });

  test('and schema.prisma say the same', async () => {
    const { adminUrl } = await emptyDatabase();
    await ensureRoles({ adminUrl, ...passwords });
    const engine = await openSchemaEngine(adminUrl);
    expect(await engine.diff()).toBeNull();
    await engine.close();
    const shadows = await run(adminUrl, `select datname from pg_database where datname like 'fleet_shadow_%'`);
    expect(shadows).toEqual([]);
  });

  test('bring the price list along, by model, day and prompt length', async () => {
    const { adminUrl } = await emptyDatabase();
    await ensureRoles({ adminUrl, ...passwords });
    await applyMigrations({ adminUrl });
    await run(adminUrl, `update price set input_micros = 1; delete from price where model = 'claude-opus-5-5'`);
    await applyMigrations({ adminUrl });
    const rows = await run(
      adminUrl,
      `select model, prompt_up_to as "upTo", input_micros as input, output_micros as output,
      cache_read_micros as read, cache_write_micros as write from price
      where valid_from <= '2026-11-01' and model ~ '^claude-(haiku|opus|sonnet)-5-5$' order by 1, 2, valid_from`,
    );
    const any = 2_147_483_647;
    const haiku = 'claude-haiku-5-5';
    expect(rows).toEqual([
      { model: haiku, upTo: 100_000, input: '100000', output: '500000', read: '5000', write: '125000' },
      { model: haiku, upTo: any, input: '500000', output: '2500000', read: '25000', write: '625000' },
      { model: 'claude-opus-5-5', upTo: any, input: '4000000', output: '20000000', read: '200000', write: '5000000' },
      { model: 'claude-sonnet-5-5', upTo: any, input: '2000000', output: '10000000', read: '200000', write: '2500000' },
      { model: 'claude-sonnet-5-5', upTo: any, input: '2000000', output: '10000000', read: '100000', write: '2500000' },
    ]);
  });
});

describe('a database of the operator’s own', () => {
  test('works with an owner that is no superuser, behind the same walls', async () => {
    const { adminUrl, owner } = await emptyDatabase('createrole');
    const roles = `fleet_app, fleet_engine, fleet_system, fleet_purger, fleet_eraser`;
    await run(serverUrl, `grant ${roles} to ${owner} with admin true, inherit false`);
    cleaning.push(`drop owned by ${owner}`);
    const { appUrl } = await ensureRoles({ adminUrl, ...passwords });
    await applyMigrations({ adminUrl });
    const database = openDatabase({ appUrl });
    const [a, b] = [await makeOrg(database), await makeOrg(database)];
    expect(await b.db.org.findMany({ select: { id: true } })).toEqual([{ id: b.orgId }]);
    expect(await database.orgBySlug(a.slug)).toBe(a.orgId);
    expect(await database.orgsOfUser(a.owner.userId)).toMatchObject([{ id: a.orgId }]);
    await database.close();
    expect(await run(adminUrl, 'select * from org')).toEqual([]);
    await expect(run(adminUrl, 'delete from event')).rejects.toMatchObject({ code: '42501' });
  });

  test('may be prepared twice, and the engine’s role can make its tables', async () => {
    const { adminUrl } = await emptyDatabase();
    await ensureRoles({ adminUrl, ...passwords });
    const { engineUrl } = await ensureRoles({ adminUrl, ...passwords });
    await run(engineUrl, 'create table job(n int); create schema if not exists graphile_worker');
    expect(await run(engineUrl, `select to_regclass('engine.job')::text as job`)).toEqual([{ job: 'job' }]);
    await expect(run(engineUrl, 'create table public.x(n int)')).rejects.toMatchObject({ code: '42501' });
  });

  test.each<[string, string, RegExp]>([
    ['may not create roles', '', /ALTER ROLE "owner_\w+" CREATEROLE;/],
    ['may not pass our roles on', 'createrole', /GRANT fleet_app TO "owner_\w+" WITH ADMIN TRUE, INHERIT FALSE;/],
  ])('whose owner %s is refused with the line to run', async (_name, rights, line) => {
    const { adminUrl } = await emptyDatabase(rights);
    const refused = ensureRoles({ adminUrl, ...passwords });
    await expect(refused).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringMatching(line) });
  });

  test.each<[string, (url: URL) => void, RegExp]>([
    ['a wrong password', (url) => (url.password = 's3cret'), /the password of user \w+ was refused/],
    [
      'a database that is not there',
      (url) => (url.pathname = '/nowhere'),
      /there is no database nowhere at .*\nCreate it: createdb/,
    ],
    ['a port nobody listens on', (url) => (url.port = '1'), /nothing answers at 127.0.0.1:1/],
    ['a host that is not there', (url) => (url.hostname = 'nowhere.invalid'), /the host nowhere.invalid is not known/],
  ])('%s is said in words, without the password', async (_name, change, words) => {
    const url = new URL(serverUrl);
    change(url);
    const refused = ensureRoles({ adminUrl: url.href, ...passwords });
    await expect(refused).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringMatching(words) });
    await expect(refused).rejects.toMatchObject({ message: expect.not.stringContaining('s3cret') });
  });
});
