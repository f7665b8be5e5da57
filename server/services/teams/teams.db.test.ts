import { beforeAll, describe, expect, it } from 'vitest';
import { readEvents } from '../../db/read-events.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { makeMember, makeOrg, makeRunWithAll, type TestOrg } from '../../testing/factories.ts';
import { addTeam } from '../budgets/add-team.ts';
import { assignTeam } from '../budgets/assign-team.ts';
import { moveMember } from '../people/move-member.ts';
import { removeTeam, renameTeam, setTeamMember } from './change-team.ts';

let tested: TestDatabase;
beforeAll(async () => {
  tested = await testDatabase();
});

const now = new Date('2026-11-20T10:00:00Z');
const as = ({ orgId, owner }: TestOrg) => ({
  database: tested.database,
  orgId,
  actor: { type: 'user' as const, userId: owner.userId },
  now,
});

async function kinds({ orgId, db }: TestOrg): Promise<string[]> {
  const events = await readEvents(db, { orgId, kind: 'org', subject: orgId, afterSeq: 1, limit: 100 });
  return events.map(({ kind }) => kind).filter((kind) => kind.startsWith('team.'));
}

async function memberOf(org: TestOrg): Promise<string> {
  const { userId } = await makeMember(tested.database, org, 'member');
  const where = { orgId_userId: { orgId: org.orgId, userId } };
  return (await org.db.member.findUniqueOrThrow({ where })).id;
}

describe('a team', () => {
  it('takes people in and out, each once, and loses who leaves the org', async () => {
    const org = await makeOrg(tested.database);
    const { teamId } = await addTeam(as(org), { name: 'Payments' });
    const [ann, bob] = [await memberOf(org), await memberOf(org)];
    for (const memberId of [ann, bob, ann]) await setTeamMember(as(org), { teamId, memberId, isIn: true });
    for (let n = 0; n < 2; n += 1) await setTeamMember(as(org), { teamId, memberId: bob, isIn: false });
    const inside = () => org.db.teamMember.findMany({ where: { orgId: org.orgId, teamId } });
    expect((await inside()).map(({ memberId }) => memberId)).toEqual([ann]);
    await moveMember(as(org), { memberId: ann, to: null });
    expect(await inside()).toEqual([]);
    expect(await kinds(org)).toEqual(['team.added', ...Array<string>(3).fill('team.member-set')]);
  });

  it('is renamed to a name that no other has', async () => {
    const org = await makeOrg(tested.database);
    const { teamId } = await addTeam(as(org), { name: 'One' });
    await addTeam(as(org), { name: 'Two' });
    await expect(renameTeam(as(org), { teamId, name: 'Two' })).rejects.toMatchObject({ code: 'conflict' });
    await renameTeam(as(org), { teamId, name: 'Three' });
    await renameTeam(as(org), { teamId, name: 'Three' });
    expect(await kinds(org)).toEqual(['team.added', 'team.added', 'team.renamed']);
  });

  it('that is removed leaves its repos, agents and people without it', async () => {
    const { org, repoId } = await makeRunWithAll(tested.database);
    const { teamId } = await addTeam(as(org), { name: 'Gone' });
    await assignTeam(as(org), { dimension: 'repo', subject: repoId, teamId });
    await setTeamMember(as(org), { teamId, memberId: await memberOf(org), isIn: true });
    await removeTeam(as(org), { teamId });
    expect(await org.db.repo.findFirst({ where: { orgId: org.orgId, id: repoId } })).toMatchObject({ teamId: null });
    expect((await kinds(org)).slice(-2)).toEqual(['team.assigned', 'team.removed']);
    await expect(removeTeam(as(org), { teamId })).rejects.toMatchObject({ code: 'not_found' });
  });
});
