import { createTRPCClient, httpBatchLink } from '@trpc/client';
import superjson from 'superjson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { keyScopes } from '../domain/authz/key-scopes.ts';
import { ratesPerMinute } from '../domain/authz/rate-limits.ts';
import type { Listener } from '../db/listen.ts';
import type { TestDatabase } from '../testing/database.ts';
import { makeApiKey, makeMember, makeOrg, makeRunWithAll } from '../testing/factories.ts';
import type { AppRouter } from './root.ts';
import { serve, type Served } from './testing/serve.ts';
import { servedWeb } from './testing/served-web.ts';
import { signedInCookie } from './testing/sign-in.ts';
import { callerAs, testWeb } from './testing/test-web.ts';

let tested: TestDatabase;
let listener: Listener;
let served: Served;
beforeAll(async () => {
  ({ tested, listener, served } = await servedWeb());
});

function clientOf(key: string, headers: Record<string, string> = {}) {
  const link = httpBatchLink({
    url: `${served.url}/api/trpc`,
    transformer: superjson,
    headers: { authorization: `Bearer ${key}`, ...headers },
  });
  return createTRPCClient<AppRouter>({ links: [link] });
}
const codeOf = (calling: Promise<unknown>) =>
  calling.then(
    () => 'OK',
    (error: { data?: { code?: string } }) => error.data?.code,
  );

describe('an API key', () => {
  it('reads and writes what it names over HTTP, without a page of ours and without a cookie', async () => {
    const run = await makeRunWithAll(tested.database);
    const { key, serviceAccountId, keyId } = await makeApiKey(tested.database, run.org);
    const client = clientOf(key);
    expect(await client.keys.self.query()).toMatchObject({ org: run.org.slug, scopes: keyScopes });
    expect(await client.tasks.list.query({ org: run.org.slug })).toHaveLength(1);
    await client.runs.stop.mutate({ org: run.org.slug, runId: run.runId, reason: 'by key' });
    const [event] = await tested.admin<{ header: string }>(
      `select convert_from(header, 'utf8') as header from event where org_id = $1 and kind = 'run.stop-requested'`,
      [run.org.orgId],
    );
    expect(JSON.parse(event!.header)).toMatchObject({ actor: { type: 'service-account', serviceAccountId, keyId } });
    const owner = callerAs(served.web, { ...run.org.owner, operator: false });
    const [account] = await owner.keys.list({ org: run.org.slug });
    expect(account?.keys).toMatchObject([{ prefix: key.slice(0, 12), state: 'good', usedAt: expect.any(String) }]);
    const events = await owner.audit.events({ org: run.org.slug, limit: 10 });
    expect(events.at(-1)).toMatchObject({ kind: 'run.stop-requested', person: `service account ${account?.name}` });
  });

  it('is stored as a digest, and shown once', async () => {
    const org = await makeOrg(tested.database);
    const { key } = await makeApiKey(tested.database, org);
    const rows = await tested.admin<{ row: string }>(
      `select k::text as row from api_key k union all select l::text from locator l
       union all select convert_from(payload, 'utf8') from event where org_id = $1`,
      [org.orgId],
    );
    expect(rows.length).toBeGreaterThan(3);
    for (const { row } of rows) expect(row).not.toContain(key.slice(13));
  });

  it.each(['expired', 'revoked', 'of a retired account', 'cut', 'with another last letter', 'made up', 'no key'])(
    'that is %s opens nothing',
    async (what) => {
      const org = await makeOrg(tested.database);
      const { key, keyId, serviceAccountId } = await makeApiKey(tested.database, org);
      const owner = callerAs(served.web, { ...org.owner, operator: false }).keys;
      let used = key;
      if (what === 'expired') await tested.admin('update api_key set expires_at = now() where id = $1', [keyId]);
      if (what === 'revoked') await owner.revoke({ org: org.slug, keyId });
      if (what === 'of a retired account') await owner.retireAccount({ org: org.slug, serviceAccountId });
      if (what === 'cut') used = key.slice(0, -1);
      if (what === 'with another last letter') used = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`;
      if (what === 'made up') used = `flt_AbCd1234_${'x'.repeat(43)}`;
      if (what === 'no key') used = '';
      expect(await codeOf(clientOf(used).board.get.query({ org: org.slug }))).toBe('UNAUTHORIZED');
      expect(await codeOf(clientOf(used).keys.self.query())).toBe('UNAUTHORIZED');
      // A good cookie beside a bad key helps nothing.
      const cookie = await signedInCookie(tested.database, org.owner.userId);
      expect(await codeOf(clientOf(used, { cookie }).board.get.query({ org: org.slug }))).toBe('UNAUTHORIZED');
    },
  );

  it('speaks for its org alone, and for no person', async () => {
    const [mine, theirs] = [await makeOrg(tested.database), await makeOrg(tested.database)];
    const { key } = await makeApiKey(tested.database, mine);
    const [foreign, none] = await Promise.all(
      [theirs.slug, 'never-made'].map((org) =>
        clientOf(key)
          .orgs.get.query({ org })
          .catch((error: Error) => error.message),
      ),
    );
    expect(foreign).toBe(none);
    const cookie = await signedInCookie(tested.database, theirs.owner.userId);
    expect(await codeOf(clientOf(key, { cookie }).orgs.get.query({ org: theirs.slug }))).toBe('NOT_FOUND');
    expect(await codeOf(clientOf(key).me.get.query())).toBe('FORBIDDEN');
    expect(await codeOf(clientOf(key).orgs.create.mutate({ name: 'x' }))).toBe('FORBIDDEN');
    expect(await codeOf(clientOf(key).sessions.revokeAll.mutate({ keepThis: false }))).toBe('FORBIDDEN');
  });

  it('does nothing beyond its scopes, and with all of them decides, invites and changes nothing', async () => {
    const org = await makeOrg(tested.database);
    const narrow = clientOf((await makeApiKey(tested.database, org, { scopes: ['tasks:read'] })).key);
    expect(await codeOf(narrow.tasks.list.query({ org: org.slug }))).toBe('OK');
    expect(await codeOf(narrow.orgs.get.query({ org: org.slug }))).toBe('FORBIDDEN');
    const { key } = await makeApiKey(tested.database, org);
    const client = clientOf(key);
    const { slug } = org;
    const email = 'x@example.com';
    const refused = [
      client.people.invite.mutate({ org: slug, email, role: 'member' }),
      client.orgs.rename.mutate({ org: slug, name: 'x' }),
      client.keys.make.mutate({ org: slug, serviceAccountId: 'x', scopes: ['org:read'], days: 1 }),
      client.starters.hire.mutate({ org: slug }),
      client.budgets.addTeam.mutate({ org: slug, name: 'x' }),
      client.settings.saveModelKey.mutate({ org: slug, key: 'sk-ant-xxxxxxxxxxxx' }),
    ];
    expect(await Promise.all(refused.map(codeOf))).toEqual(refused.map(() => 'FORBIDDEN'));
    const member = await org.db.member.findFirstOrThrow();
    expect(await codeOf(client.people.remove.mutate({ org: slug, memberId: member.id }))).toBe('FORBIDDEN');
    const decision = { org: slug, approvalId: 'apr_x', digest: 'x', verdict: 'approved' as const, reason: '' };
    expect(await codeOf(client.approvals.decide.mutate(decision))).toBe('FORBIDDEN');
    expect(await org.db.apiKey.count()).toBe(2);
  });
});

describe('rate limits', () => {
  const at = new Date('2026-11-20T10:00:15Z');
  let now = at;
  let still: Served;
  beforeAll(async () => {
    const clock = { ...systemClock, now: () => now };
    still = await serve((publicUrl) => ({ ...testWeb({ database: tested.database, listener, publicUrl }), clock }));
  });
  afterAll(() => still.close());

  const ask = (key: string, org: string) =>
    fetch(`${still.url}/api/trpc/tasks.list?input=${encodeURIComponent(JSON.stringify({ json: { org } }))}`, {
      headers: { authorization: `Bearer ${key}` },
    });
  const figures = ({ status, headers }: Response) => [
    status,
    ...['limit', 'remaining', 'reset'].map((name) => Number(headers.get(`ratelimit-${name}`))),
  ];

  it('hold for a key over all processes, are told in the header, and begin anew with the minute', async () => {
    const org = await makeOrg(tested.database);
    const { key, keyId } = await makeApiKey(tested.database, org, { days: 365 });
    const { key: other } = await makeApiKey(tested.database, org, { days: 365 });
    const limit = ratesPerMinute.key;
    expect(figures(await ask(key, org.slug))).toEqual([200, limit, limit - 1, 45]);
    const subject = `key ${org.orgId} ${keyId}`;
    await tested.admin('update rate_count set count = $2 where subject = $1', [subject, limit - 1]);
    expect(figures(await ask(key, org.slug))).toEqual([200, limit, 0, 45]);
    const refused = await ask(key, org.slug);
    expect(figures(refused)).toEqual([429, limit, 0, 45]);
    expect(refused.headers.get('retry-after')).toBe('45');
    expect(((await refused.json()) as { error: { json: { message: string } } }).error.json.message).toContain('45 s');
    expect((await ask(other, org.slug)).status, 'another key of the org').toBe(200);
    now = new Date('2026-11-20T10:01:00Z');
    expect(figures(await ask(key, org.slug))).toEqual([200, limit, limit - 1, 60]);
    now = at;
  });

  it('hold for an org whoever calls, and for a member', async () => {
    const org = await makeOrg(tested.database);
    const { key } = await makeApiKey(tested.database, org, { days: 365 });
    expect((await ask(key, org.slug)).status).toBe(200);
    const setTo = 'update rate_count set count = $2 where subject = $1';
    await tested.admin(setTo, [`org ${org.orgId}`, ratesPerMinute.org]);
    expect(figures(await ask(key, org.slug))).toEqual([429, ratesPerMinute.org, 0, 45]);
    await tested.admin(setTo, [`org ${org.orgId}`, 0]);
    const member = callerAs(still.web, { ...org.owner, operator: false }).tasks;
    expect(await codeOf(member.list({ org: org.slug }))).toBe('OK');
    await tested.admin(setTo, [`member ${org.orgId} ${org.owner.userId}`, ratesPerMinute.member]);
    await expect(member.list({ org: org.slug })).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  });

  it('count every call of a burst exactly once', async () => {
    const org = await makeOrg(tested.database);
    const who = await makeMember(tested.database, org, 'member');
    const calls = callerAs(still.web, { ...who, operator: false });
    await Promise.all(Array.from({ length: 60 }, () => calls.tasks.list({ org: org.slug })));
    const subjects = [`member ${org.orgId} ${who.userId}`, `org ${org.orgId}`];
    const rows = await tested.admin('select count from rate_count where subject = any($1)', [subjects]);
    expect(rows).toEqual([{ count: 60 }, { count: 60 }]);
  });
});
