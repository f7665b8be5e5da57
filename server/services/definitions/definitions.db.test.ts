import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../db/connect.ts';
import { readAllEvents } from '../../db/read-events.ts';
import { newId } from '../../db/new-id.ts';
import type { OrgRole } from '../../domain/authz/scopes.ts';
import { policyDocument } from '../../domain/policy/document.ts';
import { testDatabase } from '../../testing/database.ts';
import { makeMember, makeOrg, makeRepo, makeStarters } from '../../testing/factories.ts';
import { decideApproval } from '../approvals/decide-approval.ts';
import { expireApproval } from '../approvals/expire-approval.ts';
import { getPolicy } from '../policy/get-policy.ts';
import { savePolicy } from '../policy/save-policy.ts';
import { addRole } from '../roles/add-role.ts';
import { changeRoleTools } from '../roles/change-role-tools.ts';
import { listRoles } from '../roles/list-roles.ts';
import { saveRole } from '../roles/save-role.ts';
import { getApproval } from '../views/get-approval.ts';
import { plain } from './plain.ts';
import { proposeDefinition } from './propose-definition.ts';
import type { Saved } from './saved.ts';

let database: Database;
beforeAll(async () => ({ database } = await testDatabase()));

const bus = { send: async () => {}, lost: () => {} };
const ruled = 'preset: balanced\napproval: { by: admins }\n';
const refusing = (id: string) => `${ruled}limits:\n  - { id: ${id}, on: write, paths: ['docs/**'], then: deny }\n`;

/** An org whose policy (version 2) wants a second person, an owner, an admin and who else is asked for. */
async function start(yaml = ruled, more: OrgRole[] = []) {
  const org = await makeOrg(database);
  await makeStarters(database, org);
  const { orgId, db, owner } = org;
  const admin = await makeMember(database, org, 'admin');
  const others = await Promise.all(more.map((role) => makeMember(database, org, role)));
  const now = new Date();
  const deps = (userId = owner.userId) => ({ database, orgId, actor: { type: 'user' as const, userId }, now });
  const save = (text: string, basedOn: number, by = owner.userId, restored: number | null = null) =>
    savePolicy(deps(by), { yaml: text, note: 'why', basedOn, restored });
  expect(await save(yaml, 1)).toEqual({ version: 2 });
  const query = (userId: string, role: OrgRole) => ({
    db,
    system: database.system,
    orgId,
    viewer: { userId, role },
    now,
  });
  const policy = () => getPolicy(query(owner.userId, 'owner'));
  const look = (approvalId: string, by = admin.userId) => getApproval(query(by, 'admin'), { approvalId });
  const decide = async (approvalId: string, by = admin.userId, verdict: 'approved' | 'denied' = 'approved') => {
    const { digest } = await db.approval.findUniqueOrThrow({ where: { orgId_id: { orgId, id: approvalId } } });
    return decideApproval({ ...deps(by), bus }, { approvalId, digest, verdict, reason: 'as agreed', via: 'browser' });
  };
  const statusOf = async (id: string) =>
    (await db.approval.findUniqueOrThrow({ where: { orgId_id: { orgId, id } } })).status;
  const events = () => readAllEvents(db, { orgId, kind: 'org', subject: orgId });
  const developer = async () =>
    (await listRoles(query(owner.userId, 'owner'))).roles.find(({ name }) => name === 'developer')!;
  return { org, orgId, db, owner, admin, others, deps, save, policy, look, decide, statusOf, events, developer };
}

const approvalOf = (saved: Saved | { approvalId?: string }): string => {
  if ('approvalId' in saved && saved.approvalId !== undefined) return saved.approvalId;
  throw new Error('it was not put before anybody');
};

describe('a policy that a second person has to approve', () => {
  it('waits, is shown with what it changes, and comes into force as approved, in the log with both people', async () => {
    const { save, policy, look, decide, events, owner, admin, db, orgId } = await start();
    const approvalId = approvalOf(await save(refusing('no-docs'), 2));
    const shown = await policy();
    expect([shown.version, shown.drafts.map(({ approvalId: id, basedOn }) => [id, basedOn])]).toEqual([
      2,
      [[approvalId, 2]],
    ]);
    const view = await look(approvalId);
    expect(view).toMatchObject({ kind: 'definition', taskId: null, requestedBy: owner.email, mayDecide: true });
    expect(view.definition).toMatchObject({
      stricter: [expect.stringContaining('no-docs')],
      looser: [],
      approval: null,
    });
    expect(view.definition?.after).toContain('no-docs');
    await decide(approvalId);
    expect(await policy()).toMatchObject({ version: 3, drafts: [] });
    const stored = await db.policyVersion.findFirstOrThrow({ where: { orgId, version: 3 } });
    expect(stored).toMatchObject({ authorId: owner.userId, note: 'why' });
    const [decided, saved] = (await events()).slice(-2);
    expect(decided).toMatchObject({ kind: 'approval.decided', actor: { type: 'user', userId: admin.userId } });
    expect(saved).toMatchObject({ kind: 'policy.saved', payload: { version: 3, approvalId, authorId: owner.userId } });
  });

  it('is approved neither by its author nor by whom the rule does not name', async () => {
    const rule = 'preset: balanced\napproval: { by: owners }\n';
    const { save, decide, policy, look, owner, admin, others } = await start(rule, ['owner', 'maintainer']);
    const [other, maintainer] = others as [typeof admin, typeof admin];
    const approvalId = approvalOf(await save('preset: autonomous\n', 2));
    await expect(decide(approvalId, owner.userId)).rejects.toMatchObject({ code: 'forbidden', message: /You wrote/ });
    await expect(decide(approvalId, owner.userId, 'denied')).rejects.toMatchObject({ code: 'forbidden' });
    for (const { userId } of [admin, maintainer])
      await expect(decide(approvalId, userId)).rejects.toMatchObject({ code: 'forbidden', message: /another owner/ });
    expect(await look(approvalId)).toMatchObject({
      mayDecide: false,
      whyNot: expect.stringContaining('another owner'),
    });
    expect((await policy()).version).toBe(2);
    await decide(approvalId, other.userId);
    expect((await policy()).version).toBe(3);
  });

  it('can be left to a team, and to other owners where nobody else is in it', async () => {
    const rule = 'preset: balanced\napproval: { by: team, team: security }\n';
    const { save, decide, orgId, db, admin, others } = await start(rule, ['owner', 'approver']);
    const [second, approver] = others as [typeof admin, typeof admin];
    // Nobody is in the team yet.
    await decide(approvalOf(await save(`${rule}cases: []\n`, 2)), second.userId);
    const approvalId = approvalOf(await save('preset: cautious\n', 3, admin.userId));
    await expect(decide(approvalId, approver.userId)).rejects.toMatchObject({ code: 'forbidden', message: /security/ });
    const teamId = newId('team');
    await db.team.create({ data: { orgId, id: teamId, name: 'Security', createdAt: new Date() } });
    const { id: memberId } = await db.member.findUniqueOrThrow({
      where: { orgId_userId: { orgId, userId: approver.userId } },
    });
    await db.teamMember.create({ data: { orgId, id: newId('teamMember'), teamId, memberId } });
    await expect(decide(approvalId, second.userId)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await decide(approvalId, approver.userId)).toMatchObject({ status: 'approved' });
  });

  it('is refused with a reason, and then counts for nothing', async () => {
    const { save, decide, policy, look } = await start();
    const approvalId = approvalOf(await save('preset: autonomous\n', 2));
    await decide(approvalId, undefined, 'denied');
    expect(await look(approvalId)).toMatchObject({ status: 'denied', votes: [{ reason: 'as agreed' }] });
    expect(await policy()).toMatchObject({ version: 2, drafts: [] });
    await expect(decide(approvalId)).rejects.toMatchObject({ code: 'approval_stale' });
  });

  it.each([
    ['loosens the rule itself', 'preset: balanced\n', null],
    ['goes back to a version before the rule', 'preset: balanced\n', 1],
    ['names others', 'preset: balanced\napproval: { by: owners }\n', null],
  ])('waits also where it %s', async (_what, yaml, restored) => {
    const { save, policy, decide, org, owner, look } = await start();
    await makeMember(database, org, 'owner');
    const approvalId = approvalOf(await save(yaml, 2, owner.userId, restored));
    expect((await policy()).version).toBe(2);
    expect((await look(approvalId)).definition?.approval).not.toBeNull();
    await decide(approvalId);
    expect((await policy()).version).toBe(3);
  });

  it('is one of two saved at once: both wait, the first that is approved counts, the other has to be drafted anew', async () => {
    const { save, decide, policy, statusOf, look, admin, owner } = await start();
    const both = await Promise.all([save(refusing('a'), 2), save(refusing('b'), 2, admin.userId)]);
    const [one, other] = both.map(approvalOf) as [string, string];
    const ends = await Promise.allSettled([decide(one, admin.userId), decide(other, owner.userId)]);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'approval_stale' } });
    expect((await policy()).version).toBe(3);
    const lost = (await statusOf(one)) === 'voided' ? one : other;
    expect(await look(lost)).toMatchObject({ status: 'voided', mayDecide: false });
    await expect(save(refusing('c'), 2)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('takes the place of what the same person put before others', async () => {
    const { save, statusOf, policy } = await start();
    const first = approvalOf(await save(refusing('a'), 2));
    const second = approvalOf(await save(refusing('b'), 2));
    expect([await statusOf(first), await statusOf(second)]).toEqual(['voided', 'pending']);
    expect((await policy()).drafts).toHaveLength(1);
  });

  it('is closed and not asked anew when its time is over', async () => {
    const { save, statusOf, db, orgId } = await start();
    const approvalId = approvalOf(await save(refusing('a'), 2));
    const later = new Date(Date.now() + 7 * 24 * 3_600_000);
    await expireApproval({ database, orgId, now: later }, { approvalId });
    expect(await statusOf(approvalId)).toBe('expired');
    expect(await db.approval.count({ where: { orgId, status: 'pending' } })).toBe(0);
  });

  it('does not count once its author may not change policies any more', async () => {
    const { save, decide, db, orgId, admin, owner, policy, statusOf } = await start();
    const approvalId = approvalOf(await save(refusing('a'), 2, admin.userId));
    await db.member.updateMany({ where: { orgId, userId: admin.userId }, data: { role: 'member' } });
    await expect(decide(approvalId, owner.userId)).rejects.toMatchObject({ code: 'approval_stale' });
    expect([await statusOf(approvalId), (await policy()).version]).toEqual(['voided', 2]);
  });

  it('does not count where changes are left to owners and its author is none any more', async () => {
    const { save, decide, db, orgId, admin, others, policy, look } = await start(`${ruled}changes: owners\n`, [
      'owner',
    ]);
    const second = others[0]!;
    const approvalId = approvalOf(await save(refusing('a'), 2, second.userId));
    await db.member.updateMany({ where: { orgId, userId: second.userId }, data: { role: 'admin' } });
    const decided = decide(approvalId, admin.userId);
    await expect(decided).rejects.toMatchObject({ code: 'approval_stale', message: /to owners/ });
    expect([(await look(approvalId)).status, (await policy()).version]).toEqual(['voided', 2]);
  });

  it('of a repo does not count where an admin drafted it before changes were left to owners', async () => {
    const { save, decide, deps, db, orgId, org, admin, owner, statusOf } = await start();
    const { repoId, name } = await makeRepo(org);
    const body = plain(policyDocument.parse({ preset: 'balanced' }));
    const what = { of: 'policy' as const, layer: 'repo' as const, target: repoId, name };
    const draft = { what, basedOn: 0, body, hash: 'h', note: 'why', restored: null };
    const approvalId = await database.transaction(orgId, (tx) => proposeDefinition(tx, deps(admin.userId), draft));
    await decide(approvalOf(await save(`${ruled}changes: owners\n`, 2)));
    await expect(decide(approvalId, owner.userId)).rejects.toMatchObject({ code: 'approval_stale' });
    expect(await statusOf(approvalId)).toBe('voided');
    expect(await db.policyVersion.count({ where: { orgId, layer: 'repo' } })).toBe(0);
  });

  it('counts at once where it only refuses more and the rule says so, and closes what was drafted before it', async () => {
    const rule = 'preset: balanced\napproval: { by: admins, tightening: at-once }\n';
    const { save, statusOf } = await start(rule);
    const waiting = approvalOf(await save('preset: autonomous\n', 2));
    const limit = (then: string) =>
      `${rule}limits:\n  - { id: no-docs, on: write, paths: ['docs/**'], then: ${then} }\n`;
    expect(await save(limit('deny'), 2)).toEqual({ version: 3 });
    expect(await statusOf(waiting)).toBe('voided');
    expect(approvalOf(await save(limit('ask'), 3))).toBeTruthy();
  });

  it('cannot be ruled so that nobody else could approve', async () => {
    const org = await makeOrg(database);
    await makeStarters(database, org);
    const actor = { type: 'user' as const, userId: org.owner.userId };
    const saved = savePolicy(
      { database, orgId: org.orgId, actor, now: new Date() },
      { yaml: ruled, note: 'why', basedOn: 1, restored: null },
    );
    await expect(saved).rejects.toMatchObject({ code: 'invalid_input', message: /invite somebody first/ });
  });
});

describe('a role, where the policy wants a second person', () => {
  it('is changed, gone back to, given tools and added only when approved', async () => {
    const { deps, developer, decide, events } = await start();
    const { versions, tools } = await developer();
    const { version, edit } = versions[0]!;
    const change = { role: 'developer', note: 'why', restored: null };
    const saved = await saveRole(deps(), { ...change, basedOn: version, edit: { ...edit, purpose: 'Do less.' } });
    expect((await developer()).versions[0]!.version).toBe(version);
    await decide(approvalOf(saved));
    expect((await developer()).versions[0]).toMatchObject({ version: version + 1, edit: { purpose: 'Do less.' } });

    const back = { ...change, basedOn: version + 1, edit: null, restored: version };
    await decide(approvalOf(await saveRole(deps(), back)));
    const fewer = tools.filter((tool) => tool !== 'shell') as [];
    const asked = { role: 'developer', version: version + 2, tools: fewer, servers: [] };
    await decide(approvalOf(await changeRoleTools(deps(), asked)));
    expect((await developer()).tools).not.toContain('shell');

    const copy = await addRole(deps(), { from: { kind: 'role', name: 'developer' }, name: 'builder' });
    const stale = await addRole(deps(), { from: { kind: 'catalogue', name: 'qa-engineer' }, name: 'builder-2' });
    await decide(approvalOf(copy));
    await decide(approvalOf(stale));
    const kinds = (await events()).map(({ kind }) => kind);
    expect([
      kinds.filter((kind) => kind === 'role.saved').length,
      kinds.filter((kind) => kind === 'role.added').length,
    ]).toEqual([3, 2]);
    await expect(addRole(deps(), { from: { kind: 'role', name: 'developer' }, name: 'builder' })).rejects.toMatchObject(
      {
        code: 'conflict',
      },
    );
  });

  it('is not approved by its author, and not on top of a version that came meanwhile', async () => {
    const { deps, developer, decide, owner, admin } = await start();
    const { version, edit } = (await developer()).versions[0]!;
    const save = (title: string, by: string) =>
      saveRole(deps(by), {
        role: 'developer',
        note: 'why',
        basedOn: version,
        edit: { ...edit, title },
        restored: null,
      });
    const one = approvalOf(await save('One', owner.userId));
    const other = approvalOf(await save('Other', admin.userId));
    await expect(decide(one, owner.userId)).rejects.toMatchObject({ code: 'forbidden' });
    await decide(one, admin.userId);
    await expect(decide(other, owner.userId)).rejects.toMatchObject({ code: 'approval_stale' });
    expect((await developer()).versions[0]).toMatchObject({ version: version + 1, edit: { title: 'One' } });
  });
});
