import type { AnyProcedure } from '@trpc/server';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '../auth/viewer.ts';
import { openListener } from '../db/listen.ts';
import { orgRoles, rolesByScope, type OrgRole, type Scope } from '../domain/authz/scopes.ts';
import { testDatabase, type TestDatabase } from '../testing/database.ts';
import { makeMember, makeOrg, makeRunWithAll, makeUser, type TestOrg, type TestUser } from '../testing/factories.ts';
import { appRouter } from './root.ts';
import { fixtures } from './testing/procedure-fixtures.ts';
import { callerAs, testWeb, type TestWeb } from './testing/test-web.ts';

const demands = Object.fromEntries(Object.entries(fixtures).map(([path, fixture]) => [path, fixture.demands]));

const procedures = appRouter._def.procedures as unknown as Record<string, AnyProcedure>;
const inOrgs = Object.entries(demands).filter(
  (entry): entry is [string, Scope] => entry[1] !== 'signed in' && entry[1] !== 'a key',
);

let tested: TestDatabase;
let web: TestWeb;
let org: TestOrg;

beforeAll(async () => {
  tested = await testDatabase();
  const listener = openListener(tested.appUrl);
  web = testWeb({ database: tested.database, listener });
  org = await makeOrg(tested.database);
  return () => listener.close();
});

const viewer = ({ userId, email }: TestUser, operator = false): Viewer => ({ userId, email, operator });

type Calls = Record<string, Record<string, (input: unknown) => Promise<unknown>>>;

/** Calls a procedure by its path. A subscription is only opened when its first item is asked for. */
async function call(path: string, input: unknown, as: Viewer | null, ownOrigin = true): Promise<unknown> {
  const [feature = '', name = ''] = path.split('.');
  const answer = await (callerAs(web, as, { ownOrigin }) as unknown as Calls)[feature]?.[name]?.(input);
  if (procedures[path]?._def.type !== 'subscription') return answer;
  const items = (answer as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  const first = await items.next();
  await items.return?.();
  return first.value;
}

const codeOf = (calling: Promise<unknown>): Promise<string> =>
  calling.then(
    () => 'OK',
    (error: unknown) => (error as { code: string }).code,
  );

describe('to a person who is not a member', () => {
  it.each(inOrgs)('%s: there is no such org', async (path) => {
    const stranger = viewer(await makeUser(tested.database));
    expect(await codeOf(call(path, { org: org.slug }, stranger))).toBe('NOT_FOUND');
  });

  it.each(inOrgs)('%s: nor to the operator of the installation', async (path) => {
    const operator = viewer(await makeUser(tested.database), true);
    expect(await codeOf(call(path, { org: org.slug }, operator))).toBe('NOT_FOUND');
  });

  it.each(Object.keys(demands))('%s: and to nobody signed in, nothing', async (path) => {
    expect(await codeOf(call(path, { org: org.slug, name: 'x' }, null))).toBe('UNAUTHORIZED');
  });

  it('the refusal says the same for an org that does not exist', async () => {
    const stranger = viewer(await makeUser(tested.database));
    const messages = await Promise.all(
      [org.slug, 'never-made'].map((slug) =>
        call('orgs.get', { org: slug }, stranger).catch((error: Error) => error.message),
      ),
    );
    expect(messages[0]).toBe(messages[1]);
  });
});

describe('within the org', () => {
  const cells = inOrgs.flatMap(([path, scope]) => orgRoles.map((role) => [role, path, scope] as const));
  const members = new Map<OrgRole, Viewer>();
  beforeAll(async () => {
    for (const role of orgRoles) members.set(role, viewer(await makeMember(tested.database, org, role)));
  });

  it.each(cells)('%s calls %s, which demands %s', async (role, path, scope) => {
    const code = await codeOf(call(path, { org: org.slug }, members.get(role) ?? null));
    const entitled = (rolesByScope[scope] as readonly string[]).includes(role);
    // What there is nothing to do for is a conflict: whoever may not ask is not told so much.
    if (entitled) expect(['OK', 'BAD_REQUEST', 'CONFLICT']).toContain(code);
    else expect(code).toBe('FORBIDDEN');
  });

  it('a member who was removed is a stranger at the next call', async () => {
    const leaver = await makeMember(tested.database, org, 'admin');
    expect(await codeOf(call('board.get', { org: org.slug }, viewer(leaver)))).toBe('OK');
    await tested.admin('delete from member where user_id = $1', [leaver.userId]);
    expect(await codeOf(call('board.get', { org: org.slug }, viewer(leaver)))).toBe('NOT_FOUND');
  });

  it("another org's rows are in no list of one's own", async () => {
    const own = await makeOrg(tested.database);
    await makeRunWithAll(tested.database);
    const owner = viewer(own.owner);
    for (const path of [
      'tasks.list',
      'changes.list',
      'repos.list',
      'environment.list',
      'approvals.list',
      'keys.list',
    ]) {
      expect([path, await call(path, { org: own.slug }, owner)]).toEqual([path, []]);
    }
    expect(await call('board.get', { org: own.slug }, owner)).toMatchObject({ cards: [] });
  });
});

describe("a page of another site that posts with the person's cookie", () => {
  const mutations = Object.keys(demands).filter((path) => procedures[path]?._def.type === 'mutation');

  it.each(mutations)('%s changes nothing', async (path) => {
    const owner = viewer(org.owner, true);
    expect(await codeOf(call(path, { org: org.slug, name: 'x' }, owner, false))).toBe('FORBIDDEN');
  });
});
