import { beforeAll, describe, expect, it } from 'vitest';
import { furnishedOrg } from '../../api/testing/furnished-org.ts';
import { rowsOf } from '../../api/testing/foreign-ids.ts';
import { readEvents } from '../../db/read-events.ts';
import { checkSignature, parseCheckpoint } from '../../domain/audit/checkpoint.ts';
import { nodeHashing } from '../../domain/audit/node-hashing.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import {
  makeMember,
  makeOrg,
  makeRunWithAll,
  makeStageAttempt,
  type TestOrg,
  type TestUser,
} from '../../testing/factories.ts';
import { claimRun } from '../runs/claim-run.ts';
import { getDeletedOrg } from './get-deleted-org.ts';
import { purgeOrgs } from './purge-orgs.ts';
import { requestDeletion, undoDeletion } from './request-deletion.ts';
import { deleting, passGrace } from './testing/deleting.ts';

let tested: TestDatabase;
beforeAll(async () => {
  tested = await testDatabase();
});

const parts = (org: TestOrg, who?: TestUser) => deleting(tested, org, who);

const kindsOf = async ({ db, orgId }: TestOrg) =>
  (await readEvents(db, { orgId, kind: 'org', subject: orgId, afterSeq: 0, limit: 1_000 })).map(({ kind }) => kind);

describe('asking for an org to be deleted', () => {
  it('takes an owner, the org’s very name and a fresh sign-in', async () => {
    const org = await makeOrg(tested.database);
    const admin = await makeMember(tested.database, org, 'admin');
    const ask = (over: object, name = org.name) => requestDeletion({ ...parts(org), ...over }, { name });
    await expect(ask({}, 'Another name')).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(ask({}, org.name.toUpperCase())).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(ask(parts(org, admin))).rejects.toMatchObject({ code: 'forbidden' });
    for (const signedInAt of [null, new Date(Date.now() - 16 * 60_000)]) {
      await expect(ask({ signedInAt })).rejects.toMatchObject({ code: 'sign_in_again' });
    }
    expect(await kindsOf(org)).toEqual(['org.created']);
    await ask({});
    await expect(ask({})).rejects.toMatchObject({ code: 'conflict' });
    expect(await kindsOf(org)).toEqual(['org.created', 'org.deletion-requested']);
  });

  it('tells all owners, stops the runs, and lets no run go on', async () => {
    const { org, runId } = await makeRunWithAll(tested.database);
    const second = await makeMember(tested.database, org, 'owner');
    await makeMember(tested.database, org, 'admin');
    const given = parts(org);
    await requestDeletion(given, { name: org.name });
    expect(given.mails.map(({ to }) => to).toSorted()).toEqual([org.owner.email, second.email].toSorted());
    expect(given.mails[0]?.text).toContain(`/${org.slug}/settings/danger`);
    expect(given.sent).toContainEqual({ name: 'run/slice-requested', data: { orgId: org.orgId, runId } });
    const now = await tested.database.time();
    const answer = await claimRun({ database: tested.database, orgId: org.orgId, now, worker: 'w' }, { runId });
    expect(answer).toMatchObject({
      claim: { refused: { reason: 'not_allowed', detail: expect.stringContaining('to be deleted on') } },
    });
  });

  it('can be undone by any owner, by nobody else, and not when it is too late', async () => {
    const org = await makeOrg(tested.database);
    const second = await makeMember(tested.database, org, 'owner');
    const admin = await makeMember(tested.database, org, 'admin');
    await expect(undoDeletion(parts(org))).rejects.toMatchObject({ code: 'conflict' });
    await requestDeletion(parts(org), { name: org.name });
    await expect(undoDeletion(parts(org, admin))).rejects.toMatchObject({ code: 'forbidden' });
    await undoDeletion(parts(org, second));
    await requestDeletion(parts(org), { name: org.name });
    await passGrace(tested, org);
    await expect(undoDeletion(parts(org, second))).rejects.toMatchObject({ code: 'conflict' });
    expect((await kindsOf(org)).slice(1)).toEqual([
      'org.deletion-requested',
      'org.deletion-undone',
      'org.deletion-requested',
    ]);
  });

  it('of two owners at once, who ask and undo, leaves one outcome', async () => {
    const org = await makeOrg(tested.database);
    const second = await makeMember(tested.database, org, 'owner');
    const ask = (who: TestUser) => requestDeletion(parts(org, who), { name: org.name });
    const asked = await Promise.allSettled([ask(org.owner), ask(second)]);
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const undone = await Promise.allSettled([undoDeletion(parts(org)), undoDeletion(parts(org, second))]);
    expect(undone.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await tested.database.dueDeletions()).not.toContainEqual(expect.objectContaining({ orgId: org.orgId }));
  });
});

describe('an org whose grace is over', () => {
  it('goes with every row of every table, and takes no other org’s along; what is left is its signed head', async () => {
    const [{ org, ids }, other] = [await furnishedOrg(tested.database), await furnishedOrg(tested.database)];
    const { orgId } = org;
    await expect(requestDeletion(parts(org), { name: org.name })).rejects.toThrow('legal hold');
    await org.db.legalHold.deleteMany({ where: { orgId } });
    const { id: pipelineRunId } = await org.db.pipelineRun.findFirstOrThrow({ where: { orgId } });
    // A helper's attempt names a run, which names its attempt: the one circle of foreign keys.
    await makeStageAttempt(org, { pipelineRunId, stage: 'helper', parentRunId: ids.runId });
    const before = await rowsOf(tested.admin, other.org.orgId);
    const given = parts(org);
    await requestDeletion(given, { name: org.name });
    await purgeOrgs(given);
    expect(await org.db.org.count({ where: { id: orgId } })).toBe(1);

    await passGrace(tested, org);
    const events = await tested.admin<{ n: number }>('select count(*)::int as n from event where org_id = $1', [orgId]);
    await purgeOrgs(given);
    expect(given.reported).toEqual([]);
    for (const [table, digest] of Object.entries(await rowsOf(tested.admin, orgId)))
      expect([table, digest.split(' ')[0]]).toEqual([table, '0']);
    for (const table of ['locator', 'kernel', 'proven_domain']) {
      expect(await tested.admin(`select from ${table} where org_id = $1`, [orgId])).toEqual([]);
    }
    expect(await tested.admin('select from data_key where owner = $1', [orgId])).toEqual([]);
    expect(await rowsOf(tested.admin, other.org.orgId)).toEqual(before);
    expect(await tested.database.orgBySlug(org.slug)).toBeNull();

    const { auditKeys, mails } = given;
    const left = await getDeletedOrg({ system: tested.database.system, auditKeys }, { org: orgId });
    const head = parseCheckpoint(left.head)!;
    expect(head).toMatchObject({ origin: `fleet-audit/${orgId}`, size: events[0]!.n + 1 });
    expect(checkSignature(nodeHashing, head, await auditKeys.published())).toBe('signed');
    expect(mails.at(-1)).toMatchObject({ to: org.owner.email, text: expect.stringContaining(left.head) });
    const row = await tested.database.system.deletedOrg.findUniqueOrThrow({ where: { orgId } });
    expect(row.onDisk).toEqual(expect.arrayContaining([ids.repoId, ids.runId]));
  });

  it('is gone on with after a crash, and looked at once more an hour later for what was written late', async () => {
    const { org } = await furnishedOrg(tested.database);
    const { orgId, db } = org;
    await db.legalHold.deleteMany({ where: { orgId } });
    const given = parts(org);
    await requestDeletion(given, { name: org.name });
    await passGrace(tested, org);
    const crashing = { ...tested.database, purgeStep: async () => Promise.reject(new Error('killed here')) };
    await purgeOrgs({ ...given, database: crashing });
    expect(given.reported).toEqual([expect.stringContaining('killed here')]);
    await expect(tested.database.beginPurge(orgId)).rejects.toThrow();
    await purgeOrgs(given);
    expect(await tested.database.dueDeletions()).not.toContainEqual({ orgId, begun: true });

    await db.team.create({ data: { orgId, id: 'tea_late', name: 'late', createdAt: new Date() } });
    await tested.admin(`update deleted_org set purged_at = now() - interval '2 hours' where org_id = $1`, [orgId]);
    expect(await tested.database.dueDeletions()).toContainEqual({ orgId, begun: true });
    await purgeOrgs(given);
    expect(await db.team.count({ where: { orgId } })).toBe(0);
    expect(await tested.database.dueDeletions()).not.toContainEqual({ orgId, begun: true });
  });

  it('stays where its log is not whole: evidence that was tampered with is not cleared away', async () => {
    const { org, streamId } = await makeRunWithAll(tested.database);
    const given = parts(org);
    await requestDeletion(given, { name: org.name });
    await passGrace(tested, org);
    await tested.admin('update stream set head_seq = head_seq + 1 where id = $1', [streamId]);
    await purgeOrgs(given);
    expect(given.reported).toEqual([expect.stringContaining('not whole')]);
    expect(await org.db.org.count({ where: { id: org.orgId } })).toBe(1);
  });
});

describe('a process of ours that is no longer ours', () => {
  const asApp = async (orgId: string, sql: string, values: unknown[] = []) => {
    await tested.admin('begin');
    try {
      await tested.admin(`set local role fleet_app; select set_config('app.org', '${orgId}', true)`);
      return await tested.admin(sql, values);
    } finally {
      await tested.admin('rollback');
    }
  };
  const insert = `insert into org_deletion (org_id, id, requested_by, requested_at, due_at) values ($1, 'odl_x', 'x', '2020-01-01', '2020-01-02')`;

  it('hastens no deletion, revives none, and purges nothing that is not due', async () => {
    const [org, other] = [await makeOrg(tested.database), await makeOrg(tested.database)];
    const { orgId } = org;
    const [row] = await asApp(
      orgId,
      `${insert} returning due_at > now() + interval '23 hours' as later, requested_at > now() - interval '1 minute' as now`,
      [orgId],
    );
    expect(row).toEqual({ later: true, now: true });
    const refused = { code: '42501' };
    await requestDeletion(parts(org), { name: org.name });
    await expect(asApp(orgId, 'update org_deletion set due_at = now()')).rejects.toMatchObject(refused);
    await expect(asApp(orgId, 'select begin_purge($1)', [orgId])).rejects.toMatchObject(refused);
    await expect(asApp(orgId, 'select purge_step($1, 10)', [orgId])).rejects.toMatchObject(refused);
    await expect(asApp(orgId, 'delete from org_deletion')).rejects.toMatchObject(refused);
    await undoDeletion(parts(org));
    await expect(asApp(orgId, 'update org_deletion set undone_at = null')).rejects.toMatchObject(refused);
    await expect(asApp(orgId, `insert into deleted_org select * from deleted_org`)).rejects.toMatchObject(refused);

    await requestDeletion(parts(other), { name: other.name });
    await passGrace(tested, other);
    await expect(asApp(orgId, 'select begin_purge($1)', [other.orgId])).rejects.toMatchObject(refused);
  });
});
