import { globSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openListener, type Listener } from '../db/listen.ts';
import { keyScopes } from '../domain/authz/key-scopes.ts';
import { can, orgRoles, type OrgRole, type Scope } from '../domain/authz/scopes.ts';
import { testDatabase, type TestDatabase } from '../testing/database.ts';
import { makeApiKey, makeMember } from '../testing/factories.ts';
import { never, rowsOf } from './testing/foreign-ids.ts';
import { furnishedOrg, type Furnished, type Ids } from './testing/furnished-org.ts';
import { serve, type Served } from './testing/serve.ts';
import { signedInCookie } from './testing/sign-in.ts';
import { testWeb } from './testing/test-web.ts';

// Every route under app/api that is no procedure, walked from the files: a new one fails until it stands here. Those of an
// org are asked by every role and by a key, in their own org, in another's and in one that never was.

type Route =
  | { of: 'everyone' | 'procedures' | 'whoever signs in'; methods: string[] }
  | { of: 'an org'; methods: string[]; demands: Scope; path: (slug: string) => string; asks: (ids: Ids) => Fields[] };

/** What is posted: of one's own org it is answered. */
type Fields = Record<string, string>;

const routes: Record<string, Route> = {
  'app/api/audit-keys/route.ts': { of: 'everyone', methods: ['GET'] },
  'app/api/deleted-orgs/[org]/route.ts': { of: 'everyone', methods: ['GET'] },
  'app/api/health/route.ts': { of: 'everyone', methods: ['GET'] },
  'app/api/auth/[...nextauth]/route.ts': { of: 'whoever signs in', methods: ['GET', 'POST'] },
  'app/api/sign-in/confirm/route.ts': { of: 'whoever signs in', methods: ['POST'] },
  'app/api/sign-in/sso/route.ts': { of: 'whoever signs in', methods: ['POST'] },
  'app/api/trpc/[trpc]/route.ts': { of: 'procedures', methods: ['GET', 'POST'] },
  'app/api/orgs/[org]/export/route.ts': {
    of: 'an org',
    methods: ['POST'],
    demands: 'audit:verify',
    path: (slug) => `/api/orgs/${slug}/export`,
    asks: () => [{}],
  },
  'app/api/orgs/[org]/evidence/route.ts': {
    of: 'an org',
    methods: ['POST'],
    demands: 'audit:verify',
    path: (slug) => `/api/orgs/${slug}/evidence`,
    asks: ({ runId, changeId }) => [
      { what: 'run', id: runId },
      { what: 'change', id: changeId },
    ],
  },
};

const ofOrgs = Object.entries(routes).flatMap(([file, route]) =>
  route.of === 'an org' ? [[file, route] as const] : [],
);
const callers = [...orgRoles, 'key', 'nobody'] as const;

let tested: TestDatabase;
let listener: Listener;
let served: Served;
let mine: Furnished;
let theirs: Furnished;
const headers = new Map<string, Record<string, string>>();

beforeAll(async () => {
  tested = await testDatabase();
  const { database } = tested;
  listener = openListener(tested.appUrl);
  served = await serve((publicUrl) => testWeb({ database, listener, publicUrl }));
  [mine, theirs] = [await furnishedOrg(database), await furnishedOrg(database)];
  for (const role of orgRoles) {
    const { userId } = await makeMember(database, mine.org, role);
    headers.set(role, { cookie: await signedInCookie(database, userId), origin: served.url });
  }
  headers.set('key', { authorization: `Bearer ${(await makeApiKey(database, mine.org)).key}` });
  headers.set('nobody', { origin: served.url });
});
afterAll(async () => {
  await served.close();
  await listener.close();
});

it('every route file is known, with its methods', () => {
  const files = globSync('app/**/route.ts').toSorted();
  expect(files).toEqual(Object.keys(routes).toSorted());
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    const methods = ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'].filter((name) =>
      new RegExp(`function ${name}\\b|as ${name}\\b|const ${name}\\b`).test(text),
    );
    expect([file, methods]).toEqual([file, routes[file]?.methods]);
  }
});

describe.each(ofOrgs)('%s', (_file, { path, methods, demands, asks }) => {
  type Over = { headers?: Record<string, string>; fields?: Fields };
  const ask = async (slug: string, caller: string, { headers: over, fields = asks(mine.ids)[0] }: Over = {}) => {
    const init = {
      method: methods[0]!,
      headers: { ...headers.get(caller), ...over },
      body: new URLSearchParams(fields),
    };
    const response = await fetch(`${served.url}${path(slug)}`, init);
    return { status: response.status, text: await response.text() };
  };
  const entitled = (caller: string) =>
    caller === 'key' ? (keyScopes as readonly Scope[]).includes(demands) : can(caller as OrgRole, demands);

  it.each(callers)('tells %s nothing of another org, and the same as of none', async (caller) => {
    const before = await rowsOf(tested.admin, theirs.org.orgId);
    const [foreign, none] = [await ask(theirs.org.slug, caller), await ask('never-made', caller)];
    expect(foreign).toEqual(none);
    expect(foreign.status).toBe(caller === 'nobody' ? 401 : 404);
    for (const id of Object.values(theirs.ids)) expect(foreign.text).not.toContain(id);
    expect(await rowsOf(tested.admin, theirs.org.orgId)).toEqual(before);
  });

  it.each(orgRoles)('lets %s in as the table of roles says', async (caller) => {
    expect((await ask(mine.org.slug, caller)).status).toBe(entitled(caller) ? 200 : 403);
  });

  it.each([...orgRoles, 'key'])('finds %s nothing by the ids of another org', async (caller) => {
    const none = asks(Object.fromEntries(Object.entries(theirs.ids).map(([name, id]) => [name, never(id)])) as Ids);
    for (const [at, fields] of asks(theirs.ids).entries()) {
      if (Object.keys(fields).length === 0) continue;
      const foreign = await ask(mine.org.slug, caller, { fields });
      expect(foreign).toEqual(await ask(mine.org.slug, caller, { fields: none[at]! }));
      expect(foreign.status).toBe(entitled(caller) ? 404 : 403);
    }
  });

  it.each(orgRoles)('does nothing for %s at the word of another page', async (caller) => {
    const before = await rowsOf(tested.admin, mine.org.orgId);
    for (const origin of ['https://evil.example.com', 'null']) {
      expect((await ask(mine.org.slug, caller, { headers: { origin } })).status).toBe(403);
    }
    expect(await rowsOf(tested.admin, mine.org.orgId)).toEqual(before);
  });
});

describe('an org that is named twice', () => {
  const call = async (over: Record<string, string>, body: object) => {
    const init = {
      method: 'POST',
      headers: { ...headers.get('admin'), 'content-type': 'application/json', ...over },
      body: JSON.stringify({ json: { org: mine.org.slug, name: 'Named once', ...body } }),
    };
    return fetch(`${served.url}/api/trpc/orgs.rename?org=${theirs.org.slug}`, init);
  };

  it('is the one in the input: header, cookie, address and other fields lead nowhere', async () => {
    const { cookie = '' } = headers.get('admin')!;
    const elsewhere = {
      'x-org': theirs.org.slug,
      'x-org-id': theirs.org.orgId,
      cookie: `${cookie}; org=${theirs.org.slug}`,
    };
    const answer = await call(elsewhere, { orgId: theirs.org.orgId, slug: theirs.org.slug });
    expect(answer.status).toBe(200);
    const names = await tested.admin('select id, name from org where id = any($1)', [
      [mine.org.orgId, theirs.org.orgId],
    ]);
    expect(names).toContainEqual({ id: mine.org.orgId, name: 'Named once' });
    expect(names).toContainEqual({ id: theirs.org.orgId, name: theirs.org.name });
  });
});
