import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openListener } from '../db/listen.ts';
import type { SignUpPolicy } from '../domain/authz/sign-up.ts';
import { testDatabase, type TestDatabase } from '../testing/database.ts';
import { makeOrg, makeUser } from '../testing/factories.ts';
import { newId } from '../db/new-id.ts';
import { browserAt } from './testing/cookies.ts';
import { serve } from './testing/serve.ts';
import { callerAs, testWeb } from './testing/test-web.ts';

let tested: TestDatabase;
beforeAll(async () => {
  tested = await testDatabase();
});

async function under(signUp: SignUpPolicy) {
  const listener = openListener(tested.appUrl);
  const served = await serve((publicUrl) => {
    const web = testWeb({ database: tested.database, listener, publicUrl });
    return { ...web, settings: { ...web.settings, signUp } };
  });
  onTestFinished(async () => {
    await served.close();
    await listener.close();
  });
  const browser = browserAt(served.url);
  const ask = async (email: string) => {
    const { csrfToken } = (await (await browser.ask('/api/auth/csrf')).json()) as { csrfToken: string };
    const form = { csrfToken, email, callbackUrl: '/' };
    const answer = await browser.ask('/api/auth/signin/email', { method: 'POST', form });
    return { status: answer.status, location: answer.headers.get('location') };
  };
  const { system } = tested.database;
  const linkOf = async (to: string) => {
    const mail = await system.outboxMail.findFirst({ where: { to, subject: 'Sign in to Fleet' } });
    return mail && new URL(/https?:\S+token=\S+/.exec(mail.text)![0]);
  };
  const press = async (link: URL) => {
    const form = Object.fromEntries(link.searchParams);
    return (await browser.ask('/api/sign-in/confirm', { method: 'POST', form })).headers.get('location');
  };
  const isPerson = async (email: string) => (await system.user.count({ where: { email } })) === 1;
  return { web: served.web, ask, linkOf, press, isPerson };
}

async function invited(email: string) {
  const { orgId, db, owner } = await makeOrg(tested.database);
  const row = { orgId, id: newId('invitation'), email, role: 'member' as const, invitedBy: owner.userId };
  const [createdAt, expiresAt] = [new Date(), new Date(Date.now() + 60_000)];
  await db.invitation.create({ data: { ...row, status: 'pending', createdAt, expiresAt } });
  return { revoke: () => db.invitation.updateMany({ where: { orgId }, data: { status: 'revoked' } }) };
}

const address = (domain = 'people.example') => `${newId('user')}@${domain}`;

describe('an installation by invitation', () => {
  it('mails no link to a stranger, answers him as everybody, and signs in who is invited or known', async () => {
    const { ask, linkOf, press, isPerson } = await under({ kind: 'invited' });
    const [stranger, guest] = [address(), address()];
    const known = (await makeUser(tested.database)).email;
    await invited(guest);
    const [none, other, own] = [await ask(stranger), await ask(guest), await ask(known)];
    expect(none).toEqual(other);
    expect(own).toEqual(other);
    expect(await linkOf(stranger)).toBeNull();
    for (const email of [guest, known]) {
      expect(await press((await linkOf(email))!)).not.toContain('error');
      expect(await isPerson(email)).toBe(true);
    }
    expect(await isPerson(stranger)).toBe(false);
  });

  it('asks again when the link is used: an invitation that was revoked meanwhile opens nothing', async () => {
    const { ask, linkOf, press, isPerson } = await under({ kind: 'invited' });
    const guest = address();
    const { revoke } = await invited(guest);
    await ask(guest);
    await revoke();
    expect(await press((await linkOf(guest))!)).toContain('error=AccessDenied');
    expect(await isPerson(guest)).toBe(false);
  });

  it('has orgs made by its operator alone', async () => {
    const { web } = await under({ kind: 'invited' });
    const guest = await makeUser(tested.database);
    const asked = callerAs(web, { ...guest, operator: false }).orgs.create({ name: 'Mine' });
    await expect(asked).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await callerAs(web, { ...guest, operator: true }).orgs.create({ name: 'Ours' })).toMatchObject({
      role: 'owner',
    });
  });
});

it('an installation that is closed signs in who is known and not even who is invited', async () => {
  const { ask, linkOf } = await under({ kind: 'closed' });
  const guest = address();
  const known = (await makeUser(tested.database)).email;
  await invited(guest);
  await ask(guest);
  await ask(known);
  expect(await linkOf(guest)).toBeNull();
  expect(await linkOf(known)).not.toBeNull();
});

it('an installation of domains signs in who has an address of one, or whom an org takes in by its own', async () => {
  const { ask, linkOf } = await under({ kind: 'domains', domains: ['ours.example'] });
  const { orgId, db, slug } = await makeOrg(tested.database);
  const domain = `${slug}.example`;
  const row = { orgId, id: newId('orgDomain'), domain, proof: 'x', createdAt: new Date() };
  await db.orgDomain.create({ data: { ...row, provenAt: new Date(), joinAs: 'member' } });
  await tested.database.system.provenDomain.create({ data: { orgId, domain } });
  const [colleague, joining, stranger] = [address('ours.example'), address(domain), address()];
  for (const email of [colleague, joining, stranger]) await ask(email);
  expect([await linkOf(colleague), await linkOf(joining)]).not.toContain(null);
  expect(await linkOf(stranger)).toBeNull();
});
