import { beforeAll, describe, expect, test } from 'vitest';
import { makeRunWithAll } from '../testing/factories.ts';
import { testDatabase } from '../testing/database.ts';
import type { TestDatabase } from '../testing/database.ts';
import { appendRunEvents } from './append-event.ts';
import { blobsFor } from './blobs.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});

/** Tables that belong to no org. `locator` and `kernel` name orgs: finding one, and telling two apart, is what they are for. */
const globalTables = [
  ...['user', 'account', 'session', 'verification_token', 'installation', 'locator', 'price', 'outbox_mail'],
  'sign_in_request',
  'kernel',
  'audit_key',
  'rate_count',
  'master_key',
  'data_key',
  '_prisma_migrations',
];
const evidence = [
  ...['event', 'blob', 'blob_chunk', 'approval_vote', 'check_result', 'review', 'handoff', 'budget_entry'],
  ...['role_version', 'policy_version', 'pipeline_version'],
  ...['tree_segment', 'tree_node', 'tree_head'],
];

type Table = { name: string; rls: boolean; forced: boolean; owner: string; key: string[]; columns: string[] };

const tables = () =>
  t.admin<Table>(`
    select c.relname as name, c.relrowsecurity as rls, c.relforcerowsecurity as forced, c.relowner::regrole::text as owner,
      (select array_agg(a.attname::text order by k.n) from pg_index i, unnest(i.indkey::int[]) with ordinality k(attnum, n)
        join pg_attribute a on a.attnum = k.attnum where a.attrelid = c.oid and i.indrelid = c.oid and i.indisprimary) as key,
      (select array_agg(attname::text) from pg_attribute where attrelid = c.oid and attnum > 0) as columns
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`);

const tenantTables = async () => (await tables()).filter(({ name }) => !globalTables.includes(name));

describe('every table of an org', () => {
  test('has a key that starts with the org', async () => {
    const found = await tenantTables();
    expect(found.length).toBeGreaterThan(25);
    for (const { name, key, columns } of found) {
      if (name === 'org') continue;
      expect(columns, name).toContain('org_id');
      expect(key[0], name).toBe('org_id');
    }
  });

  test('forces row-level security on everybody, with the one policy', async () => {
    const policies = await t.admin<{ table: string; using: string; check: string }>(`
      select tablename as table, qual as using, with_check as check from pg_policies
      where policyname = 'own_org' and cmd = 'ALL' and permissive = 'PERMISSIVE' and roles = '{public}'`);
    for (const { name, rls, forced } of await tenantTables()) {
      expect([name, rls, forced]).toEqual([name, true, true]);
      const column = name === 'org' ? 'id' : 'org_id';
      const rule = `(${column} = NULLIF(current_setting('app.org'::text, true), ''::text))`;
      expect(policies.find(({ table }) => table === name)).toEqual({ table: name, using: rule, check: rule });
    }
  });

  test('has no other policy than reading across orgs for the role that cannot log in', async () => {
    const others = await t.admin<{ cmd: string; roles: string[] }>(
      `select distinct cmd, roles::text[] as roles from pg_policies where policyname <> 'own_org'`,
    );
    expect(others).toEqual([{ cmd: 'SELECT', roles: ['fleet_system'] }]);
  });

  test('points only at rows of its own org, and takes nothing along when they go', async () => {
    const keys = await t.admin<{ name: string; from: string[]; to: string[]; onDelete: string }>(`
      select conname as name, confdeltype as "onDelete",
        (select array_agg(attname::text order by n) from unnest(conkey) with ordinality k(attnum, n)
          join pg_attribute a using (attnum) where a.attrelid = conrelid) as from,
        (select array_agg(attname::text order by n) from unnest(confkey) with ordinality k(attnum, n)
          join pg_attribute a using (attnum) where a.attrelid = confrelid) as to
      from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace
        and conrelid::regclass::text not in ('account', 'session', 'data_key')`);
    expect(keys.length).toBeGreaterThan(20);
    for (const { name, from, to, onDelete } of keys) {
      expect([name, from[0], to[0], onDelete]).toEqual([name, 'org_id', 'org_id', 'r']);
    }
  });
});

describe('the role of the processes', () => {
  test('owns nothing and has no power', async () => {
    const [role] = await t.admin(`
      select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
        (select count(*)::int from pg_class where relowner = r.oid) as owned,
        (select count(*)::int from pg_auth_members where member = r.oid) as memberships
      from pg_roles r where rolname = 'fleet_app'`);
    const none = { rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false };
    expect(role).toEqual({ ...none, owned: 0, memberships: 0 });
    const [create] = await t.admin(`select has_schema_privilege('fleet_app', 'public', 'create') as may`);
    expect(create).toEqual({ may: false });
  });

  test('may delete no row of an org but a secret and a membership, and change no evidence', async () => {
    const rights = await t.admin<{ name: string; rights: string[] }>(`
      select c.relname as name, array(select p from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p
        where has_table_privilege('fleet_app', c.oid, p)) as rights
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'`);
    const of = (table: string) => rights.find(({ name }) => name === table)?.rights;
    for (const { name } of await tenantTables()) {
      const expected = ['SELECT', 'INSERT'];
      if (!evidence.includes(name) && name !== 'stream') expected.push('UPDATE');
      if (['secret', 'network_secret', 'member'].includes(name)) expected.push('DELETE');
      expect([name, of(name)]).toEqual([name, expected]);
    }
    expect(of('price')).toEqual(['SELECT']);
    expect(of('locator')).toEqual(['SELECT', 'INSERT']);
    expect(of('audit_key')).toEqual(['SELECT', 'INSERT']);
    expect(of('_prisma_migrations')).toEqual([]);
  });

  test('may call exactly the functions that were made for it', async () => {
    const functions = await t.admin(`
      select proname as name, prosecdef as definer, proowner::regrole::text as owner, proconfig as config,
        has_function_privilege('fleet_app', p.oid, 'execute') as may
      from pg_proc p where pronamespace = 'public'::regnamespace and prosecdef order by 1`);
    const made = { definer: true, owner: 'fleet_system', config: ['search_path=pg_catalog, pg_temp'], may: true };
    const names = [
      'ended_runs',
      'org_by_slug',
      'orgs_of_user',
      'orgs_with_early_seals',
      'stale_environment_checks',
      'stale_work',
      'unsealed_orgs',
    ];
    expect(functions).toEqual(names.map((name) => ({ name, ...made })));
  });

  test('the engine’s role sees none of our tables and the app’s none of the engine’s', async () => {
    const [seen] = await t.admin(`
      select count(*) filter (where has_table_privilege('fleet_engine', c.oid, 'select'))::int as ours,
        has_schema_privilege('fleet_app', 'engine', 'usage') as engine,
        has_schema_privilege('fleet_app', 'graphile_worker', 'usage') as worker
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'`);
    expect(seen).toEqual({ ours: 0, engine: false, worker: false });
  });
});

describe('evidence', () => {
  test.each(evidence)('%s is only ever added to, whoever asks', async (table) => {
    for (const role of ['fleet_app', 'postgres']) {
      for (const change of [
        `update "${table}" set org_id = org_id`,
        `delete from "${table}"`,
        `truncate "${table}" cascade`,
      ]) {
        const attempt = t.admin(`begin; set local role ${role}; ${change}`).finally(() => t.admin('rollback'));
        await expect(attempt, `${change} as ${role}`).rejects.toMatchObject({ code: '42501' });
      }
    }
  });

  test('is refused also when ordinary triggers are off, and when a parent goes', async () => {
    const { org, runId, streamId } = await makeRunWithAll(t.database);
    const { orgId, db } = org;
    const events = [{ kind: 'run.resumed' as const, payload: { reason: 'x' } }];
    const actor = { type: 'system' as const, reason: 'test' };
    await appendRunEvents(db, { orgId, runId, generation: 0, actor, at: new Date(), events });
    await blobsFor(db, orgId).put(Uint8Array.of(1));
    const asReplica = t
      .admin(`begin; set local session_replication_role = replica; delete from event`)
      .finally(() => t.admin('rollback'));
    await expect(asReplica).rejects.toMatchObject({ code: '42501' });
    await expect(t.admin('delete from stream where id = $1', [streamId])).rejects.toMatchObject({ code: '23001' });
    await expect(t.admin(`update stream set id = 'x' where id = $1`, [streamId])).rejects.toMatchObject({
      code: '42501',
    });
    await expect(t.admin('delete from blob_chunk')).rejects.toMatchObject({ code: '42501' });
  });
});
