import type { AnyProcedure } from '@trpc/server';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '../auth/viewer.ts';
import { openListener } from '../db/listen.ts';
import { orgRoles, rolesByScope, type OrgRole, type Scope } from '../domain/authz/scopes.ts';
import { testDatabase, type TestDatabase } from '../testing/database.ts';
import {
  makeChange,
  makeMember,
  makeOrg,
  makeRunWithAll,
  makeUser,
  type TestOrg,
  type TestUser,
} from '../testing/factories.ts';
import { appRouter } from './root.ts';
import { callerAs, testWeb, type TestWeb } from './testing/test-web.ts';

/** Every procedure and what it demands. A new one does not pass until it is put here on purpose. */
const demands: Record<string, Scope | 'signed in'> = {
  'me.get': 'signed in',
  'orgs.list': 'signed in',
  'orgs.create': 'signed in',
  'installation.outbox': 'signed in',
  'orgs.get': 'org:read',
  'starters.get': 'org:read',
  'settings.model': 'org:read',
  'settings.models': 'org:read',
  'settings.chooseModel': 'org:configure',
  'settings.saveModel': 'org:configure',
  'settings.removeModel': 'org:configure',
  'settings.saveModelConnection': 'org:configure',
  'settings.removeModelConnection': 'org:configure',
  'settings.budgets': 'org:read',
  'settings.setBudget': 'org:configure',
  'secrets.list': 'org:read',
  'secrets.save': 'org:configure',
  'secrets.remove': 'org:configure',
  'budgets.alerts': 'org:read',
  'budgets.setLevels': 'org:configure',
  'budgets.addTeam': 'org:configure',
  'budgets.assignTeam': 'org:configure',
  'starters.hire': 'org:configure',
  'settings.saveModelKey': 'org:configure',
  'settings.removeModelKey': 'org:configure',
  'repos.list': 'repos:read',
  'repos.probe': 'repos:connect',
  'repos.connect': 'repos:connect',
  'repos.survey': 'repos:connect',
  'repos.configure': 'repos:connect',
  'environment.get': 'repos:read',
  'environment.list': 'repos:read',
  'environment.check': 'tasks:create',
  'tasks.list': 'tasks:read',
  'tasks.get': 'tasks:read',
  'tasks.suggest': 'tasks:read',
  'tasks.preflight': 'tasks:read',
  'tasks.create': 'tasks:create',
  'board.get': 'tasks:read',
  'board.changes': 'tasks:read',
  'runs.get': 'runs:read',
  'runs.diff': 'runs:read',
  'runs.image': 'runs:read',
  'runs.events': 'runs:read',
  'runs.live': 'runs:read',
  'runs.stop': 'runs:stop',
  'runs.steer': 'runs:steer',
  'runs.pause': 'runs:steer',
  'runs.resume': 'runs:steer',
  'runs.retry': 'runs:steer',
  'runs.turnDiff': 'runs:read',
  'agents.list': 'org:read',
  'agents.retire': 'org:configure',
  'agents.reinstate': 'org:configure',
  'changes.list': 'runs:read',
  'changes.get': 'runs:read',
  'approvals.list': 'approvals:read',
  'approvals.get': 'approvals:read',
  'approvals.decide': 'approvals:read',
  'audit.verify': 'audit:verify',
  'audit.events': 'audit:verify',
  'audit.head': 'audit:verify',
  'audit.proof': 'audit:verify',
  'audit.growth': 'audit:verify',
};

const procedures = appRouter._def.procedures as unknown as Record<string, AnyProcedure>;
const inOrgs = Object.entries(demands).filter((entry): entry is [string, Scope] => entry[1] !== 'signed in');

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

it('every procedure is in the table, and nothing else', () => {
  expect(Object.keys(demands).sort()).toEqual(Object.keys(procedures).sort());
});

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
    if (entitled) expect(['OK', 'BAD_REQUEST']).toContain(code);
    else expect(code).toBe('FORBIDDEN');
  });

  it('a member who was removed is a stranger at the next call', async () => {
    const leaver = await makeMember(tested.database, org, 'admin');
    expect(await codeOf(call('board.get', { org: org.slug }, viewer(leaver)))).toBe('OK');
    await tested.admin('delete from member where user_id = $1', [leaver.userId]);
    expect(await codeOf(call('board.get', { org: org.slug }, viewer(leaver)))).toBe('NOT_FOUND');
  });

  it("another org's ids are not found through one's own org", async () => {
    const own = await makeOrg(tested.database);
    const {
      org: theirs,
      starters,
      taskId,
      runId,
      streamId,
      repoId,
      pipelineRunId,
    } = await makeRunWithAll(tested.database);
    const { changeId } = await makeChange(theirs, { pipelineRunId, repoId });
    const foreign: [string, Record<string, unknown>][] = [
      ['repos.survey', { repoId }],
      ['repos.configure', { repoId, testCommand: 'x', setup: {} }],
      ['environment.get', { repoId }],
      ['environment.check', { repoId }],
      ['tasks.get', { taskId }],
      ['tasks.suggest', { repoId }],
      ['tasks.preflight', { repoId, title: 'x' }],
      ['runs.get', { runId }],
      ['runs.diff', { runId }],
      ['runs.image', { runId, blobId: 'blb_none' }],
      ['runs.events', { runId }],
      ['runs.live', { runId }],
      ['runs.stop', { runId, reason: 'x' }],
      ['runs.steer', { runId, text: 'x' }],
      ['runs.pause', { runId }],
      ['runs.resume', { runId }],
      ['runs.retry', { runId, turn: 1 }],
      ['runs.turnDiff', { runId, turn: 1 }],
      ['agents.retire', { agentId: starters.roles['developer']!.agentId }],
      ['agents.reinstate', { agentId: starters.roles['developer']!.agentId }],
      ['changes.get', { changeId }],
      ['audit.proof', { streamId, seq: 1 }],
      ['approvals.get', { approvalId: 'apr_x' }],
      ['approvals.decide', { approvalId: 'apr_x', digest: 'x', verdict: 'approved', reason: '' }],
    ];
    for (const [path, input] of foreign) {
      expect([path, await codeOf(call(path, { org: own.slug, ...input }, viewer(own.owner)))]).toEqual([
        path,
        'NOT_FOUND',
      ]);
    }
    const owner = viewer(own.owner);
    for (const path of ['tasks.list', 'changes.list', 'repos.list', 'environment.list', 'approvals.list']) {
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
