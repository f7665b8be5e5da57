import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../db/new-id.ts';
import { readEvents } from '../../db/read-events.ts';
import { sealTree } from '../../db/seal-tree.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { makeOrg, makeRunWithAll, type TestOrg } from '../../testing/factories.ts';
import { placeHold } from '../audit/retention/holds.ts';
import { deletionView } from './deletion-view.ts';
import { purgeOrgs } from './purge-orgs.ts';
import { requestDeletion } from './request-deletion.ts';
import { deleting, passGrace } from './testing/deleting.ts';

let tested: TestDatabase;
beforeAll(async () => {
  tested = await testDatabase();
});

const parts = (org: TestOrg) => deleting(tested, org);

const kindsOf = async ({ db, orgId }: TestOrg) =>
  (await readEvents(db, { orgId, kind: 'org', subject: orgId, afterSeq: 0, limit: 1_000 })).map(({ kind }) => kind);

const heldBy = ({ orgId, owner }: TestOrg) => ({
  ...{ orgId, id: newId('legalHold'), runId: null, reason: 'a lawsuit' },
  ...{ placedBy: owner.userId, placedAt: new Date() },
});

describe('an org whose grace is over and of which something is held', () => {
  it('stays while a legal hold is on it that was placed during the grace', async () => {
    const { org, runId } = await makeRunWithAll(tested.database);
    const { orgId, db } = org;
    const given = parts(org);
    await requestDeletion(given, { name: org.name });
    await db.legalHold.create({ data: { ...heldBy(org), runId } });
    await passGrace(tested, org);
    await purgeOrgs(given);
    expect(given.reported).toEqual([expect.stringContaining('legal hold')]);
    expect(await kindsOf(org)).not.toContain('org.deleted');
    expect(await tested.database.pendingDeletions()).toContainEqual(expect.objectContaining({ orgId, held: true }));
    expect(await deletionView({ db, system: tested.database.system }, orgId)).toMatchObject({ held: true });
    await db.legalHold.deleteMany({ where: { orgId } });
    expect(await tested.database.pendingDeletions()).toContainEqual(expect.objectContaining({ orgId, held: false }));
    await purgeOrgs(given);
    expect(await db.org.count({ where: { id: orgId } })).toBe(0);
  });

  it('tells the operator why it stays once for each reason, not once a minute', async () => {
    const { org, streamId } = await makeRunWithAll(tested.database);
    const { orgId, db } = org;
    const given = parts(org);
    await requestDeletion(given, { name: org.name });
    await db.legalHold.create({ data: heldBy(org) });
    await passGrace(tested, org);
    for (let minute = 0; minute < 3; minute += 1) await purgeOrgs(given);
    await db.legalHold.deleteMany({ where: { orgId } });
    await tested.admin('update stream set head_seq = head_seq + 1 where id = $1', [streamId]);
    for (let minute = 0; minute < 3; minute += 1) await purgeOrgs(given);
    await db.legalHold.create({ data: heldBy(org) });
    await purgeOrgs(given);
    const why = ['legal hold', 'not whole', 'legal hold'];
    expect(given.reported).toEqual(why.map((words) => expect.stringContaining(words)));
    await db.legalHold.deleteMany({ where: { orgId } });
    await tested.admin('update stream set head_seq = head_seq - 1 where id = $1', [streamId]);
    await purgeOrgs(given);
    expect([given.reported.length, given.told.size]).toEqual([3, 0]);
  });

  it('is held by the database too, whatever the service asked before', async () => {
    const { org } = await makeRunWithAll(tested.database);
    const { orgId, db } = org;
    const given = parts(org);
    await requestDeletion(given, { name: org.name });
    await passGrace(tested, org);
    await sealTree(tested.database, { orgId, keys: given.auditKeys, now: new Date() });
    await db.legalHold.create({ data: heldBy(org) });
    await expect(tested.database.beginPurge(orgId)).rejects.toThrow();
    expect(await db.member.count({ where: { orgId } })).toBe(1);
    await db.legalHold.deleteMany({ where: { orgId } });
    await tested.database.beginPurge(orgId);
    expect(await db.member.count({ where: { orgId } })).toBe(0);
  });

  it.each(['before', 'after'] as const)(
    'is held or goes, never both: a hold placed %s it began to go',
    async (when) => {
      const org = await makeOrg(tested.database);
      const { orgId, db } = org;
      const given = parts(org);
      await requestDeletion(given, { name: org.name });
      await passGrace(tested, org);
      const held: string[] = [];
      const place = () =>
        placeHold(given, { runId: null, reason: 'a lawsuit' }).then(
          () => held.push('held'),
          () => held.push('refused'),
        );
      const beginPurge = async (id: string) => {
        if (when === 'before' && id === orgId) await place();
        await tested.database.beginPurge(id);
        if (id === orgId) await place();
      };
      await purgeOrgs({ ...given, database: { ...tested.database, beginPurge } });
      expect(held).toEqual([when === 'before' ? 'held' : 'refused']);
      expect(await db.org.count({ where: { id: orgId } })).toBe(when === 'before' ? 1 : 0);
      await db.legalHold.deleteMany({ where: { orgId } });
    },
  );
});
