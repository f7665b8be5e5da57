import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyHolder } from '../auth/api-key.ts';
import { newId } from '../db/new-id.ts';
import { openListener, type Listener } from '../db/listen.ts';
import { testDatabase, type TestDatabase } from '../testing/database.ts';
import { makeApiKey, makeMember, makeOrg, type TestOrg } from '../testing/factories.ts';
import { callerAs, callerOf, testWeb, type TestWeb } from './testing/test-web.ts';

let tested: TestDatabase;
let listener: Listener;
let web: TestWeb;
beforeAll(async () => {
  tested = await testDatabase();
  listener = openListener(tested.appUrl);
  web = testWeb({ database: tested.database, listener });
});
afterAll(() => listener.close());

/** An org that is open by its single sign-on only. */
async function closedOrg(): Promise<{ org: TestOrg; provider: string }> {
  const org = await makeOrg(tested.database);
  const provider = newId('ssoProvider');
  await org.db.org.updateMany({ where: { id: org.orgId }, data: { requiredSso: provider } });
  return { org, provider };
}

const session = (userId: string, provider: string | null) => ({
  ...{ userId, email: 'x@example.com', operator: false, provider },
  sessionId: newId('session'),
});

describe('an org that is open by its single sign-on only', () => {
  it.each(['owner', 'admin', 'member', 'auditor'] as const)(
    'lets a %s in by a session of that provider alone',
    async (role) => {
      const { org, provider } = await closedOrg();
      const { userId } = await makeMember(tested.database, org, role);
      const asked = (by: string | null) => callerAs(web, session(userId, by)).orgs.get({ org: org.slug });
      for (const other of [null, 'github', newId('ssoProvider')]) {
        await expect(asked(other)).rejects.toMatchObject({ cause: { code: 'sso_required' } });
      }
      expect(await asked(provider)).toMatchObject({ role });
    },
  );

  it('does not exist to who is no member, whatever the session', async () => {
    const { org, provider } = await closedOrg();
    const stranger = await makeOrg(tested.database);
    const asked = callerAs(web, session(stranger.owner.userId, provider));
    await expect(asked.orgs.get({ org: org.slug })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(asked.sso.bypass({ slug: org.slug })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is entered by an owner without it: by one session, for an hour, and the log says so first', async () => {
    const { org } = await closedOrg();
    const { userId } = org.owner;
    const viewer = session(userId, null);
    await callerAs(web, viewer).sso.bypass({ slug: org.slug });
    expect(await callerAs(web, viewer).orgs.get({ org: org.slug })).toMatchObject({ role: 'owner' });
    const other = callerAs(web, session(userId, null)).orgs.get({ org: org.slug });
    await expect(other).rejects.toMatchObject({ cause: { code: 'sso_required' } });
    const later = { ...web, clock: { ...web.clock, now: () => new Date(Date.now() + 3_600_001) } };
    await expect(callerAs(later, viewer).orgs.get({ org: org.slug })).rejects.toMatchObject({
      cause: { code: 'sso_required' },
    });
    const [event] = await callerAs(web, viewer).audit.events({ org: org.slug, limit: 1 });
    expect(event).toMatchObject({ kind: 'sso.bypassed' });
  });

  it.each(['admin', 'member'] as const)('is not entered by an %s without it', async (role) => {
    const { org } = await closedOrg();
    const { userId } = await makeMember(tested.database, org, role);
    const asked = callerAs(web, session(userId, null)).sso.bypass({ slug: org.slug });
    await expect(asked).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('keeps a former owner out whose exception has not run out', async () => {
    const { org } = await closedOrg();
    const { userId } = await makeMember(tested.database, org, 'owner');
    const viewer = session(userId, null);
    await callerAs(web, viewer).sso.bypass({ slug: org.slug });
    await org.db.member.updateMany({ where: { orgId: org.orgId, userId }, data: { role: 'admin' } });
    await expect(callerAs(web, viewer).orgs.get({ org: org.slug })).rejects.toMatchObject({
      cause: { code: 'sso_required' },
    });
  });

  it('goes on taking the keys of its service accounts', async () => {
    const { org } = await closedOrg();
    const { key } = await makeApiKey(tested.database, org);
    const holder = await keyHolder(tested.database, key, new Date());
    const asked = callerOf(web, { viewer: null, key: holder }).orgs.get({ org: org.slug });
    expect(await asked).toMatchObject({ slug: org.slug });
  });
});
