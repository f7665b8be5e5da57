import { beforeAll, describe, expect, it } from 'vitest';
import { sessionFromHeaders } from '../auth/session.ts';
import type { Viewer } from '../auth/viewer.ts';
import { openListener } from '../db/listen.ts';
import { testDatabase, type TestDatabase } from '../testing/database.ts';
import { makeOrg, makeUser } from '../testing/factories.ts';
import { signedInCookie } from './testing/sign-in.ts';
import { callerAs, testWeb, type TestWeb } from './testing/test-web.ts';

let tested: TestDatabase;
let web: TestWeb;
beforeAll(async () => {
  tested = await testDatabase();
  const listener = openListener(tested.appUrl);
  web = testWeb({ database: tested.database, listener });
  return () => listener.close();
});

const agent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36';
const use = (cookie: string, now: Date, userAgent = agent): Promise<Viewer | null> =>
  sessionFromHeaders(
    tested.database.system,
    new Headers({ cookie, 'user-agent': userAgent, 'x-forwarded-for': '203.0.113.9' }),
    { publicUrl: web.settings.publicUrl, now },
  );

describe("a person's sessions", () => {
  it('are listed with device, address and last use, which is noted once a minute', async () => {
    const { userId } = await makeUser(tested.database);
    const [one, other] = [await signedInCookie(tested.database, userId), await signedInCookie(tested.database, userId)];
    const began = new Date();
    const at = (seconds: number) => new Date(began.getTime() + seconds * 1_000);
    const viewer = await use(one, at(0));
    await Promise.all(Array.from({ length: 5 }, () => use(other, at(10), 'node')));
    await use(one, at(59), 'another browser');
    const listed = await callerAs(web, viewer).sessions.list();
    expect(listed).toMatchObject([
      { device: 'node', isThis: false, usedAt: at(10).toISOString() },
      { device: 'Chrome on Linux', address: '203.0.113.9', isThis: true, usedAt: at(0).toISOString() },
    ]);
    await use(one, at(61), 'another browser');
    expect((await callerAs(web, viewer).sessions.list())[0]).toMatchObject({ device: 'another browser', isThis: true });
  });

  it("end one by one, all others, or all, and never another person's", async () => {
    const [mine, theirs] = [await makeUser(tested.database), await makeUser(tested.database)];
    const cookies = await Promise.all([1, 2, 3, 4].map(() => signedInCookie(tested.database, mine.userId)));
    const foreign = await signedInCookie(tested.database, theirs.userId);
    const viewers = await Promise.all([...cookies, foreign].map((cookie) => use(cookie, new Date())));
    const [first, second, , , stranger] = viewers as Viewer[];
    const calls = callerAs(web, first!).sessions;
    await expect(calls.revoke({ sessionId: stranger!.sessionId! })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await calls.revoke({ sessionId: second!.sessionId! });
    await expect(calls.revoke({ sessionId: second!.sessionId! })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await use(cookies[1]!, new Date())).toBeNull();
    expect(await calls.revokeAll({ keepThis: true })).toBe(2);
    expect((await calls.list()).map(({ isThis }) => isThis)).toEqual([true]);
    expect(await calls.revokeAll({ keepThis: false })).toBe(1);
    expect(await use(cookies[0]!, new Date())).toBeNull();
    expect(await use(foreign, new Date())).toMatchObject({ userId: theirs.userId });
  });

  it('that are ended are an event of each org of the person, and of no other', async () => {
    const [org, other] = [await makeOrg(tested.database), await makeOrg(tested.database)];
    const { userId } = org.owner;
    const cookies = await Promise.all([1, 2, 3].map(() => signedInCookie(tested.database, userId)));
    const [viewer] = (await Promise.all(cookies.map((cookie) => use(cookie, new Date())))) as Viewer[];
    await callerAs(web, viewer!).sessions.revokeAll({ keepThis: true });
    const [event] = await callerAs(web, viewer!).audit.events({ org: org.slug, limit: 1 });
    expect(event).toMatchObject({ kind: 'session.ended', payload: { userId, count: 2 } });
    const [theirs] = await callerAs(web, { ...other.owner, operator: false }).audit.events({
      org: other.slug,
      limit: 1,
    });
    expect(theirs?.kind).toBe('org.created');
  });
});

it('GitHub, taken from an account, is said in the log of each org of the person, once', async () => {
  const { database } = tested;
  const owner = await makeUser(database);
  const orgs = [await makeOrg(database, { owner }), await makeOrg(database, { owner })];
  const stranger = await makeOrg(database);
  const { userId } = owner;
  const of = { provider: 'github', providerAccountId: `gh-${userId}`, userId };
  await database.system.account.create({ data: { ...of, type: 'oauth' } });
  const asked = callerAs(web, { ...owner, operator: false });
  await asked.me.disconnectGithub();
  await asked.me.disconnectGithub();
  const said = await tested.admin<{ org: string; payload: object }>(
    `select org_id as org, convert_from(payload, 'UTF8')::jsonb as payload from event where kind = 'identity.set'`,
  );
  expect(said.map(({ org }) => org).toSorted()).toEqual(orgs.map(({ orgId }) => orgId).toSorted());
  expect(said[0]?.payload).toMatchObject({ userId, provider: 'github', connected: false });
  expect(await database.system.account.count({ where: { userId } })).toBe(0);
  expect(said.map(({ org }) => org)).not.toContain(stranger.orgId);
});
