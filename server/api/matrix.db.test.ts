import { beforeAll, describe, expect, it } from 'vitest';
import { keyHolder } from '../auth/api-key.ts';
import { openListener } from '../db/listen.ts';
import { keyScopes } from '../domain/authz/key-scopes.ts';
import { can, orgRoles, type OrgRole } from '../domain/authz/scopes.ts';
import { testDatabase, type TestDatabase } from '../testing/database.ts';
import { makeApiKey, makeMember } from '../testing/factories.ts';
import { asking, inOrgs, named, naming, never, ofAnotherKind, procedures, rowsOf } from './testing/foreign-ids.ts';
import { fillTables } from './testing/fill-tables.ts';
import { furnishedOrg, type Furnished, type Ids } from './testing/furnished-org.ts';
import { idFields } from './testing/id-fields.ts';
import { fixtures } from './testing/procedure-fixtures.ts';
import { testWeb, type Caller, type TestWeb } from './testing/test-web.ts';

// Every procedure × every role and a key × the ids of another org: nothing read, nothing written, and the answer is that
// for an id that never was. The procedures are those of the real router, their id fields those of their real inputs.

const callers = [...orgRoles, 'key'] as const;
type CallerName = (typeof callers)[number];

let tested: TestDatabase;
let web: TestWeb;
let mine: Furnished;
let theirs: Furnished;
const people = new Map<CallerName, Caller>();

beforeAll(async () => {
  tested = await testDatabase();
  const listener = openListener(tested.appUrl);
  web = testWeb({ database: tested.database, listener });
  [mine, theirs] = [await furnishedOrg(tested.database), await furnishedOrg(tested.database)];
  await fillTables(tested.admin, theirs.org.orgId);
  for (const role of orgRoles) {
    const { userId, email } = await makeMember(tested.database, mine.org, role);
    people.set(role, { viewer: { userId, email, operator: false }, key: null });
  }
  const { key } = await makeApiKey(tested.database, mine.org);
  people.set('key', { viewer: null, key: await keyHolder(tested.database, key, new Date()) });
  return () => listener.close();
});

const ask = (path: string, input: unknown, as: CallerName) => asking(web, people.get(as)!)(path, input);

const entitled = (as: CallerName, path: string): boolean => {
  const { demands } = fixtures[path]!;
  if (demands === 'signed in' || demands === 'a key') return false;
  return as === 'key' ? (keyScopes as readonly string[]).includes(demands) : can(as as OrgRole, demands);
};

const strings = (ids: Ids): string[] => Object.values(ids);

describe('the matrix knows', () => {
  it('every procedure, and nothing else', () => {
    expect(Object.keys(fixtures).sort()).toEqual(Object.keys(procedures).sort());
  });

  it.each(naming.filter((path) => path !== 'sessions.revoke'))('every id that %s takes', (path) => {
    const input = fixtures[path]?.input?.(mine.ids) ?? {};
    const given = (field: string) => field.split('.').reduce<unknown>((at, name) => (at as never)?.[name], input);
    for (const field of idFields(procedures[path]!)) expect([field, typeof given(field)]).toEqual([field, 'string']);
  });

  it('an org with rows in every table of an org', async () => {
    const rows = Object.entries(await rowsOf(tested.admin, theirs.org.orgId));
    expect(rows.filter(([, digest]) => digest.startsWith('0 '))).toEqual([]);
    expect(rows.length).toBeGreaterThan(50);
  });
});

describe('ids of another org', () => {
  it.each(inOrgs.flatMap((path) => callers.map((as) => [path, as] as const)))('%s, asked by %s', async (path, as) => {
    const { input, quiet = false } = fixtures[path]!;
    const before = await rowsOf(tested.admin, theirs.org.orgId);
    for (const name of named(path, mine.ids)) {
      const askWith = (id: string) => ask(path, { org: mine.org.slug, ...input!({ ...mine.ids, [name]: id }) }, as);
      const none = await askWith(never(theirs.ids[name]));
      if (!entitled(as, path)) expect(none.code).toBe('FORBIDDEN');
      else expect([path, none.code === 'OK']).toEqual([path, quiet]);
      for (const id of [theirs.ids[name], ofAnotherKind(theirs.ids, name)]) {
        const answer = await askWith(id);
        expect(answer).toEqual(none);
        for (const foreign of strings(theirs.ids)) expect(answer.value).not.toContain(foreign);
      }
    }
    expect(await rowsOf(tested.admin, theirs.org.orgId)).toEqual(before);
  });

  it.each(callers)('through the other org’s own name, %s finds no org at all', async (as) => {
    for (const path of inOrgs) {
      const answer = await ask(path, { org: theirs.org.slug, ...fixtures[path]!.input!(theirs.ids) }, as);
      const none = await ask(path, { org: 'never-made', ...fixtures[path]!.input!(theirs.ids) }, as);
      expect([path, answer]).toEqual([path, none]);
      expect(answer.code).toBe('NOT_FOUND');
    }
  });

  it.each(inOrgs)('are what the refusals of %s are about: one’s own are answered otherwise', async (path) => {
    const { input, quiet = false } = fixtures[path]!;
    const own = await furnishedOrg(tested.database);
    people.set('owner', { viewer: { ...own.org.owner, operator: false }, key: null });
    const org = own.org.slug;
    const found = await ask(path, { org, ...input!(own.ids) }, 'owner');
    const [name] = named(path, mine.ids);
    const none = await ask(path, { org, ...input!({ ...own.ids, [name!]: never(own.ids[name!]) }) }, 'owner');
    if (quiet) expect(found).toEqual(none);
    else expect(found).not.toEqual(none);
    expect(found.code).not.toBe('FORBIDDEN');
  });
});
