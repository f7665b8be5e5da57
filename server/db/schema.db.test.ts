import { beforeAll, describe, expect, test } from 'vitest';
import { makeRunWithAll } from '../testing/factories.ts';
import { testDatabase } from '../testing/database.ts';
import type { TestDatabase } from '../testing/database.ts';
import { appendRunEvents } from './append-event.ts';
import { blobsFor } from './blobs.ts';
import { missingWalls, tablesOfOrgs } from './testing/walls.ts';

const retied = (how: string) =>
  `alter table task drop constraint task_org_id_repo_id_fkey; alter table task add constraint task_org_id_repo_id_fkey
   foreign key (org_id, repo_id) references repo (org_id, id) ${how}`;

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});

/** Tables that belong to no org. `locator`, `proven_domain` and `kernel` name orgs: finding one, and telling two apart, is what they are for. */
const globalTables = [
  ...['user', 'account', 'session', 'verification_token', 'installation', 'locator', 'price', 'outbox_mail'],
  'sign_in_request',
  'proven_domain',
  'kernel',
  'audit_key',
  'rate_count',
  'master_key',
  'data_key',
  'deleted_org',
  '_prisma_migrations',
];
/** What is a setting and no record: who changed it is in the log. */
const goes = [
  ...['secret', 'network_secret', 'member', 'team', 'team_member', 'sso_provider', 'org_domain'],
  ...['sandbox_account', 'saved_filter', 'mcp_server', 'retention_rule', 'legal_hold'],
  ...['webhook', 'webhook_delivery'],
];
const evidence = [
  ...['event', 'blob', 'blob_chunk', 'approval_vote', 'check_result', 'review', 'handoff', 'budget_entry'],
  ...['role_version', 'repo_classes', 'agent_revision', 'policy_version', 'pipeline_version'],
  ...['tree_segment', 'tree_node', 'tree_head', 'erasure'],
];

const tenantTables = () => tablesOfOrgs(t.admin, globalTables);

describe('every table of an org', () => {
  test('has its key, its foreign keys and its forced policy, and no other', async () => {
    expect((await tenantTables()).length).toBeGreaterThan(25);
    expect(await missingWalls(t.admin, globalTables)).toEqual([]);
  });

  test.each([
    ['create table loose (id text primary key)', 'loose has no org_id'],
    ['create table loose (org_id text, id text primary key)', 'loose has a key without the org'],
    ['create table loose (org_id text, id text, primary key (org_id, id))', 'loose has no row-level security'],
    ['alter table task disable row level security', 'task has no row-level security'],
    ['alter table task no force row level security', 'task does not hold its owner to it'],
    ['drop policy own_org on task', 'task has no policy of its org'],
    ['alter policy own_org on task using (true)', 'task has no policy of its org'],
    ['alter policy own_org on task with check (true)', 'task has no policy of its org'],
    ['create policy more on task for select using (true)', 'task has another policy: more'],
    [retied('on delete cascade'), 'task_org_id_repo_id_fkey takes rows along'],
    [
      'alter table repo add unique (id); alter table task add foreign key (repo_id) references repo (id)',
      'task_repo_id_fkey leaves the org',
    ],
  ])('is missed where it is not so: %s', async (change, words) => {
    await t.admin('begin');
    try {
      await t.admin(change);
      expect(await missingWalls(t.admin, globalTables)).toContain(words);
    } finally {
      await t.admin('rollback');
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

  test('may delete no row of an org but a setting or a membership, and change no evidence', async () => {
    const rights = await t.admin<{ name: string; rights: string[] }>(`
      select c.relname as name, array(select p from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p
        where has_table_privilege('fleet_app', c.oid, p)) as rights
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'`);
    const of = (table: string) => rights.find(({ name }) => name === table)?.rights;
    for (const { name } of await tenantTables()) {
      const expected = name === 'erasure' ? ['SELECT'] : ['SELECT', 'INSERT'];
      if (!evidence.includes(name) && !['stream', 'org_deletion'].includes(name)) expected.push('UPDATE');
      if (goes.includes(name)) expected.push('DELETE');
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
    const made = { definer: true, config: ['search_path=pg_catalog, pg_temp'], may: true };
    const names = [
      'begin_purge',
      'domains_to_look_at',
      'due_deletions',
      'ended_runs',
      'erase_blobs',
      'erase_event',
      'head_sizes',
      'installation_counts',
      'is_awaited',
      'org_by_slug',
      'orgs_of_user',
      'orgs_with_early_seals',
      'orgs_with_retention',
      'orgs_with_sandbox_account',
      'pending_deletions',
      'purge_step',
      'stale_environment_checks',
      'stale_mcp_trials',
      'stale_work',
      'unsealed_orgs',
      'webhooks_at_work',
    ];
    const purging = ['begin_purge', 'purge_step'];
    const owner = (name: string) =>
      name.startsWith('erase_') ? 'fleet_eraser' : purging.includes(name) ? 'fleet_purger' : 'fleet_system';
    expect(functions).toEqual(names.map((name) => ({ name, ...made, owner: owner(name) })));
  });

  test('is not the one by which orgs are purged: that can take every row of one org, and nobody can be it', async () => {
    const [role] = await t.admin(`
      select rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
        (select count(*)::int from pg_class where relowner = r.oid) as owned
      from pg_roles r where rolname = 'fleet_purger'`);
    const none = { rolcanlogin: false, rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false };
    expect(role).toEqual({ ...none, owned: 0 });
    const [member] = await t.admin(`select pg_has_role('fleet_app', 'fleet_purger', 'member') as it`);
    expect(member).toEqual({ it: false });
    const lacking = await t.admin<{ name: string }>(`
      select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relforcerowsecurity
        and not (has_table_privilege('fleet_purger', oid, 'SELECT') and has_table_privilege('fleet_purger', oid, 'DELETE'))`);
    expect(lacking).toEqual([]);
    const loops = await t.admin(
      `select conname from pg_constraint where contype = 'f' and conrelid = confrelid and connamespace = 'public'::regnamespace`,
    );
    expect(loops).toEqual([]);
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
