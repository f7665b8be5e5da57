import { beforeAll, describe, expect, it } from 'vitest';
import { readEvents } from '../../db/read-events.ts';
import type { OrgRole } from '../../domain/authz/scopes.ts';
import type { Actor } from '../../domain/events/actor.ts';
import type { Mailer } from '../../domain/ports/mailer.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { makeMember, makeOrg, makeUser, type TestOrg, type TestUser } from '../../testing/factories.ts';
import { acceptInvitation, showInvitation } from './accept-invitation.ts';
import { inviteMember } from './invite-member.ts';
import { moveMember, transferOrg } from './move-member.ts';
import { revokeInvitation } from './revoke-invitation.ts';

let tested: TestDatabase;
beforeAll(async () => {
  tested = await testDatabase();
});

const now = new Date('2026-11-20T10:00:00Z');
const person = ({ userId }: TestUser): Actor => ({ type: 'user', userId });
const as = (org: TestOrg, who: TestUser) => ({
  database: tested.database,
  orgId: org.orgId,
  actor: person(who),
  now,
});
const rowOf = ({ db, orgId }: TestOrg, { userId }: TestUser) =>
  db.member.findUnique({ where: { orgId_userId: { orgId, userId } } });
const roleOf = async (org: TestOrg, who: TestUser) => (await rowOf(org, who))?.role ?? null;
const idOf = async (org: TestOrg, who: TestUser) => (await rowOf(org, who))?.id ?? 'none';

async function kinds({ orgId, db }: TestOrg): Promise<string[]> {
  const events = await readEvents(db, { orgId, kind: 'org', subject: orgId, afterSeq: 1, limit: 100 });
  return events.map(({ kind }) => kind);
}

const outcomes = (settled: PromiseSettledResult<unknown>[]) =>
  settled.map((one) => (one.status === 'fulfilled' ? 'done' : (one.reason as { code: string }).code)).sort();

describe('moveMember', () => {
  it('changes a role and removes a member, each with its event', async () => {
    const org = await makeOrg(tested.database);
    const other = await makeMember(tested.database, org, 'member');
    const memberId = await idOf(org, other);
    await moveMember(as(org, org.owner), { memberId, to: 'maintainer' });
    expect(await roleOf(org, other)).toBe('maintainer');
    await moveMember(as(org, org.owner), { memberId, to: null });
    expect(await roleOf(org, other)).toBeNull();
    expect(await kinds(org)).toEqual(['member.role-changed', 'member.removed']);
  });

  it.each(Array.from({ length: 10 }, (_, n) => n))(
    'of two owners who demote each other at once, one wins (%i)',
    async () => {
      const org = await makeOrg(tested.database);
      const [a, b] = [org.owner, await makeMember(tested.database, org, 'owner')];
      const [aId, bId] = [await idOf(org, a), await idOf(org, b)];
      const settled = await Promise.allSettled([
        moveMember(as(org, a), { memberId: bId, to: 'member' }),
        moveMember(as(org, b), { memberId: aId, to: 'member' }),
      ]);
      const owners = (await org.db.member.findMany()).filter(({ role }) => role === 'owner');
      expect(owners).toHaveLength(1);
      expect(outcomes(settled)[0]).toBe('conflict');
      expect(outcomes(settled)[1]).toBe('done');
      expect(await kinds(org)).toEqual(['member.role-changed']);
    },
  );

  it.each(Array.from({ length: 10 }, (_, n) => n))(
    'of two admins who demote each other at once, one wins (%i)',
    async () => {
      const org = await makeOrg(tested.database);
      const [a, b] = [await makeMember(tested.database, org, 'admin'), await makeMember(tested.database, org, 'admin')];
      const [aId, bId] = [await idOf(org, a), await idOf(org, b)];
      const settled = await Promise.allSettled([
        moveMember(as(org, a), { memberId: bId, to: 'member' }),
        moveMember(as(org, b), { memberId: aId, to: 'member' }),
      ]);
      expect(outcomes(settled)).toEqual(['done', 'forbidden']);
      expect([await roleOf(org, a), await roleOf(org, b)].sort()).toEqual(['admin', 'member']);
      expect(await kinds(org)).toEqual(['member.role-changed']);
    },
  );

  it('of three owners who all leave at once, one stays', async () => {
    const org = await makeOrg(tested.database);
    const owners = [
      org.owner,
      await makeMember(tested.database, org, 'owner'),
      await makeMember(tested.database, org, 'owner'),
    ];
    const leaving = owners.map(async (who) => moveMember(as(org, who), { memberId: await idOf(org, who), to: null }));
    expect(outcomes(await Promise.allSettled(leaving))).toEqual(['conflict', 'done', 'done']);
    expect(await org.db.member.count()).toBe(1);
  });

  it('is done by persons only, and not by strangers', async () => {
    const org = await makeOrg(tested.database);
    const memberId = await idOf(org, await makeMember(tested.database, org, 'member'));
    const system = { ...as(org, org.owner), actor: { type: 'system' as const, reason: 'x' } };
    await expect(moveMember(system, { memberId, to: null })).rejects.toMatchObject({ code: 'forbidden' });
    const stranger = await makeUser(tested.database);
    await expect(moveMember(as(org, stranger), { memberId, to: null })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('transfer makes the other the owner, and nobody else', async () => {
    const org = await makeOrg(tested.database);
    const heir = await makeMember(tested.database, org, 'auditor');
    await transferOrg(as(org, org.owner), { memberId: await idOf(org, heir) });
    expect([await roleOf(org, org.owner), await roleOf(org, heir)]).toEqual(['admin', 'owner']);
    await expect(transferOrg(as(org, heir), { memberId: await idOf(org, heir) })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await expect(transferOrg(as(org, org.owner), { memberId: await idOf(org, heir) })).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect([await roleOf(org, org.owner), await roleOf(org, heir)]).toEqual(['admin', 'owner']);
  });
});

describe('invitations', () => {
  const sent: { to: string; text: string }[] = [];
  const mailer: Mailer = { send: async (mail) => void sent.push(mail) };
  let counter = 0;
  const secretOf = () => `secret-${(counter += 1)}`;

  async function invite(
    org: TestOrg,
    by: TestUser,
    { email, role = 'member' as OrgRole, secret = secretOf() }: { email: string; role?: OrgRole; secret?: string },
  ) {
    const { invitationId } = await inviteMember(
      { ...as(org, by), mailer, publicUrl: 'http://fleet.test', secret },
      { email, role },
    );
    return { invitationId, secret };
  }
  const accepting = ({ userId, email }: TestUser, at = now) => ({ database: tested.database, now: at, userId, email });

  it('a mailed secret makes its address a member once; looking at it changes nothing', async () => {
    const org = await makeOrg(tested.database);
    const guest = await makeUser(tested.database);
    const { secret } = await invite(org, org.owner, { email: ` ${guest.email.toUpperCase()} `, role: 'approver' });
    expect(sent.at(-1)).toMatchObject({ to: guest.email });
    expect(sent.at(-1)?.text).toContain(`http://fleet.test/invitation?secret=${secret}`);
    const offer = { state: 'open', orgName: org.name, role: 'approver', invitedBy: org.owner.email };
    for (let n = 0; n < 3; n += 1) expect(await showInvitation(accepting(guest), { secret })).toMatchObject(offer);
    expect(await roleOf(org, guest)).toBeNull();

    const both = await Promise.allSettled([1, 2].map(() => acceptInvitation(accepting(guest), { secret })));
    expect(outcomes(both)).toEqual(['conflict', 'done']);
    expect(await roleOf(org, guest)).toBe('approver');
    expect(await showInvitation(accepting(guest), { secret })).toEqual({ state: 'joined', slug: org.slug });

    await moveMember(as(org, org.owner), { memberId: await idOf(org, guest), to: null });
    await expect(acceptInvitation(accepting(guest), { secret }), 'replayed').rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await kinds(org)).toEqual(['member.invited', 'member.joined', 'member.removed']);
  });

  it('the secret is nowhere in the database', async () => {
    const org = await makeOrg(tested.database);
    const { secret } = await invite(org, org.owner, { email: 'kept@example.com', secret: 'only-in-the-mail' });
    const rows = await tested.admin<{ row: string }>(
      `select i::text as row from invitation i union all select l::text from locator l
       union all select convert_from(payload, 'utf8') from event where org_id = $1`,
      [org.orgId],
    );
    expect(rows.length).toBeGreaterThan(2);
    for (const { row } of rows) expect(row).not.toContain(secret);
  });

  it('is worth nothing to another address, when revoked, when too old, or when asked for anew', async () => {
    const org = await makeOrg(tested.database);
    const [guest, thief] = [await makeUser(tested.database), await makeUser(tested.database)];
    const first = await invite(org, org.owner, { email: guest.email });
    expect(await showInvitation(accepting(thief), first)).toEqual({ state: 'other-address' });
    await expect(acceptInvitation(accepting(thief), first)).rejects.toMatchObject({ code: 'forbidden' });
    const second = await invite(org, org.owner, { email: guest.email });
    await expect(acceptInvitation(accepting(guest), first)).rejects.toMatchObject({ code: 'conflict' });
    const late = new Date(now.getTime() + 7 * 24 * 3_600_000);
    expect(await showInvitation(accepting(guest, late), second)).toEqual({ state: 'over' });
    await expect(acceptInvitation(accepting(guest, late), second)).rejects.toMatchObject({ code: 'conflict' });
    await revokeInvitation(as(org, org.owner), second);
    await expect(acceptInvitation(accepting(guest), second)).rejects.toMatchObject({ code: 'conflict' });
    await expect(revokeInvitation(as(org, org.owner), second)).rejects.toMatchObject({ code: 'conflict' });
    await expect(acceptInvitation(accepting(guest), { secret: 'made-up' })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect([await roleOf(org, guest), await roleOf(org, thief)]).toEqual([null, null]);
  });

  it('gives no role that its sender may not give, when it is sent and when it is used', async () => {
    const org = await makeOrg(tested.database);
    const [guest, admin] = [await makeUser(tested.database), await makeMember(tested.database, org, 'admin')];
    const asOwner = { email: guest.email, role: 'owner' as const };
    await expect(invite(org, admin, asOwner)).rejects.toMatchObject({ code: 'forbidden' });
    const sentByAdmin = await invite(org, admin, { email: guest.email, role: 'admin' });
    await moveMember(as(org, org.owner), { memberId: await idOf(org, admin), to: 'member' });
    await expect(acceptInvitation(accepting(guest), sentByAdmin)).rejects.toMatchObject({ code: 'conflict' });
    expect(await roleOf(org, guest)).toBeNull();
  });

  it('leaves nothing open when the mail cannot be sent, and is not sent to a member', async () => {
    const org = await makeOrg(tested.database);
    const broken: Mailer = { send: () => Promise.reject(new Error('no mail')) };
    const context = { ...as(org, org.owner), mailer: broken, publicUrl: 'http://fleet.test', secret: secretOf() };
    await expect(inviteMember(context, { email: 'x@example.com', role: 'member' })).rejects.toThrow('no mail');
    expect(await org.db.invitation.count({ where: { status: 'pending' } })).toBe(0);
    await expect(invite(org, org.owner, { email: org.owner.email })).rejects.toMatchObject({ code: 'conflict' });
  });
});
