import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../db/new-id.ts';
import { openListener } from '../db/listen.ts';
import type { OrgEventKind } from '../domain/events/org-events.ts';
import { mayCause } from '../domain/events/who-may-cause.ts';
import { proofName, proofText } from '../domain/sso/mail-domain.ts';
import { testDatabase, type TestDatabase } from '../testing/database.ts';
import { procedures } from './testing/foreign-ids.ts';
import { agentSet, furnishedOrg, ownModel, type Furnished, type Ids } from './testing/furnished-org.ts';
import { fixtures } from './testing/procedure-fixtures.ts';
import { callerAs, testWeb, type TestWeb } from './testing/test-web.ts';
import { noneAdded } from '../domain/scope/own-classes.ts';

// Every mutation of an org, walked from the real router: whoever changes something is named in the org's log. A new one fails
// until it is tried here, or stands among those that change nothing.

/** Look only, or answer what is missing. */
const looks = ['repos.probe', 'repos.survey', 'policy.explain', 'policy.backtest'];
/** Of a run or a task: its own tests demand its events, in a pipeline that is at work. */
const ofWork = [
  ...['tasks.create', 'runs.stop', 'runs.steer', 'runs.pause', 'runs.resume', 'runs.retry'],
  ...['approvals.decide', 'starters.hire'],
  // Its event is that of the check's end: `environment.checked`.
  'environment.check',
  // Has an event of its own, appended by the worker too; tried in server/services/mcp.
  'tools.tryServer',
  // Says what it finds in a repository; tried in server/services/proposals.
  'proposals.look',
  // Of a run that has ended; tried in server/services/audit.
  'audit.erase',
];

type Try = (ids: Ids, of: Furnished & { web: TestWeb }) => object | Promise<object>;
/** What has to be so before, by another mutation of the org. */
type Before = Record<string, [string, Try][]>;

const role = async ({ org: { db, orgId } }: Furnished) => {
  const { id, name } = await db.role.findFirstOrThrow({ where: { orgId, name: 'developer' } });
  const { version } = await db.roleVersion.findFirstOrThrow({
    where: { orgId, roleId: id },
    orderBy: { version: 'desc' },
  });
  return { role: name, version };
};
const ref = ({ connectionId }: Ids) => ({ connectionId, model: 'm' });
const setup = { install: 'npm ci', build: '', lint: '', registries: [], lockfiles: [], tests: [], services: [] };
const secret = { places: ['api.example.com'], header: 'Authorization: Bearer {}', value: 'a-secret-value' };
const webhook = { url: 'https://hooks.example.com/x', filter: 'kind:approval.*', sendsEvents: true, sendsHeads: true };
const provider = { issuer: 'https://login.example.com', client: 'fleet', clientSecret: 'a-client-secret' };
const key = 'sk-ant-api03-0123456789abcdef0123456789abcdef';

const tries: Record<string, Try> = {
  'orgs.rename': () => ({ name: 'Another name' }),
  'orgs.requestDeletion': (_, { org }) => ({ name: org.name }),
  'orgs.undoDeletion': () => ({}),
  'people.changeRole': ({ memberId }) => ({ memberId, role: 'auditor' }),
  'people.remove': ({ memberId }) => ({ memberId }),
  'people.transfer': ({ memberId }) => ({ memberId }),
  'people.invite': () => ({ email: `${newId('user')}@example.com`, role: 'member' }),
  'people.revokeInvitation': ({ invitationId }) => ({ invitationId }),
  'teams.rename': ({ teamId }) => ({ teamId, name: 'Another' }),
  'teams.remove': ({ teamId }) => ({ teamId }),
  'teams.setMember': ({ teamId, memberId }) => ({ teamId, memberId, isIn: false }),
  'sso.save': () => provider,
  'sso.remove': () => ({}),
  'sso.require': () => ({ required: true }),
  'sso.addDomain': () => ({ domain: `d-${newId('org').slice(4)}.example` }),
  'sso.proveDomain': ({ domainId }) => ({ domainId }),
  'sso.removeDomain': ({ domainId }) => ({ domainId }),
  'sso.setJoin': ({ domainId }) => ({ domainId, joinAs: 'member' }),
  'keys.addAccount': () => ({ name: 'robot' }),
  'keys.retireAccount': ({ serviceAccountId }) => ({ serviceAccountId }),
  'keys.make': ({ serviceAccountId }) => ({ serviceAccountId, scopes: ['tasks:read'], days: 30 }),
  'keys.revoke': ({ keyId }) => ({ keyId }),
  'policy.smoke': ({ repoId, agentId }) => ({ repoId, agentId }),
  'agents.hire': () => ({ role: 'developer', name: 'Second' }),
  'agents.save': ({ agentId, repoId }) => ({ agentId, basedOn: 1, note: 'why', settings: agentSet({ repoId }) }),
  'agents.retire': ({ agentId }) => ({ agentId }),
  'agents.reinstate': ({ agentId }) => ({ agentId }),
  'audit.verify': () => ({}),
  'audit.saveFilter': () => ({ name: 'mine', filter: 'log:org' }),
  'audit.removeFilter': ({ savedFilterId }) => ({ savedFilterId }),
  'retention.set': () => ({ kind: 'outputs', days: 30 }),
  'retention.placeHold': ({ runId }) => ({ runId, reason: 'a lawsuit' }),
  'retention.liftHold': ({ holdId }) => ({ holdId, reason: 'settled' }),
  'settings.chooseModel': (ids) => ({ use: 'default', ref: ref(ids) }),
  'settings.saveModel': ({ connectionId }) => ({ ...ownModel(connectionId), model: 'another' }),
  'settings.removeModel': ref,
  'settings.saveModelConnection': () => ({
    ...{ name: 'another', protocol: 'chat-completions', baseUrl: 'https://models.example.org/v1', key: '' },
  }),
  'settings.removeModelConnection': ({ connectionId }) => ({ connectionId }),
  'settings.saveModelKey': () => ({ key }),
  'settings.removeModelKey': () => ({}),
  'settings.saveSandboxAccount': () => ({ baseUrl: 'https://e2b.example', template: 'base', key: 'e2b_0123456789' }),
  'settings.removeSandboxAccount': () => ({}),
  'settings.setBudget': ({ repoId }) => ({
    ...{ dimension: 'repo', subject: repoId, micros: 1_000_000, tokens: null, seconds: null },
  }),
  'policy.save': async (_, { web, org }) => {
    const { yaml, version } = await callerAs(web, { ...org.owner, operator: false }).policy.get({ org: org.slug });
    return { yaml, note: 'as it was', basedOn: version };
  },
  'roles.add': () => ({ from: { kind: 'role', name: 'developer' }, name: 'api-writer' }),
  'roles.save': async (_, of) => {
    const { role: name, version } = await role(of);
    return { role: name, basedOn: version, note: 'as it was', restored: version - 1 };
  },
  'proposals.accept': async ({ proposalId, repoId }, { web, org }) => {
    const as = callerAs(web, { ...org.owner, operator: false });
    const [seen] = (await as.proposals.list({ org: org.slug, repoId })).proposals;
    return { proposalId, digest: 'd', basedOn: 0, orgVersion: 1, hash: seen!.hash };
  },
  'proposals.dismiss': ({ proposalId }) => ({ proposalId, digest: 'd', reason: 'not now' }),
  'proposals.restore': ({ repoId }) => ({ repoId, version: 1, basedOn: 1 }),
  'secrets.save': () => ({ ...secret, secretId: null, name: 'Y_TOKEN', inSetUp: false, inRuns: true, repoId: null }),
  'secrets.remove': ({ secretId }) => ({ secretId }),
  'webhooks.save': () => ({ webhookId: null, ...webhook }),
  'webhooks.remove': ({ webhookId }) => ({ webhookId }),
  'webhooks.enable': ({ webhookId }) => ({ webhookId, enabled: false }),
  'webhooks.changeSecret': ({ webhookId }) => ({ webhookId }),
  'webhooks.test': ({ webhookId }) => ({ webhookId }),
  'webhooks.resend': ({ webhookId }) => ({ webhookId, deliveryId: null }),
  'webhooks.discard': ({ webhookId, deliveryId }) => ({ webhookId, deliveryId }),
  'tools.saveServer': () => ({ serverId: null, name: 'another', transport: { kind: 'stdio', command: 'x' } }),
  'tools.removeServer': ({ serverId }) => ({ serverId }),
  'tools.allow': ({ serverId }) => ({ serverId, tools: [] }),
  'tools.changeRole': async (_, of) => ({ ...(await role(of)), tools: ['view', 'handoff'], servers: [] }),
  'budgets.setLevels': () => ({ levels: [40, 90] }),
  'budgets.addTeam': () => ({ name: 'New people' }),
  'budgets.assignTeam': ({ repoId, teamId }) => ({ dimension: 'repo', subject: repoId, teamId }),
  'repos.connect': () => ({ source: 'sample' }),
  'repos.confirmClasses': ({ repoId }) => ({ repoId, basedOn: 0, classes: noneAdded }),
  'repos.configure': ({ repoId }) => ({ repoId, testCommand: 'npm run test', setup }),
};

const before: Before = {
  'roles.save': [['tools.changeRole', tries['tools.changeRole']!]],
  'retention.placeHold': [['retention.liftHold', tries['retention.liftHold']!]],
  'orgs.requestDeletion': [['retention.liftHold', tries['retention.liftHold']!]],
  'orgs.undoDeletion': [
    ['retention.liftHold', tries['retention.liftHold']!],
    ['orgs.requestDeletion', tries['orgs.requestDeletion']!],
  ],
  'sso.setJoin': [['sso.proveDomain', tries['sso.proveDomain']!]],
  'proposals.restore': [['proposals.accept', tries['proposals.accept']!]],
  'agents.reinstate': [['agents.retire', tries['agents.retire']!]],
  'settings.removeModelKey': [['settings.saveModelKey', tries['settings.saveModelKey']!]],
};

let tested: TestDatabase;
beforeAll(async () => {
  tested = await testDatabase();
});

/** An org of its own with a web process whose outside world agrees to everything. */
async function ground() {
  const listener = openListener(tested.appUrl);
  const of = await furnishedOrg(tested.database);
  const { orgId, db, owner } = of.org;
  const domain = await db.orgDomain.findFirstOrThrow({ where: { orgId } });
  const places = {
    issuer: provider.issuer,
    authorization: 'x',
    token: 'x',
    userinfo: null,
    jwks: 'x',
    signing: 'RS256',
  };
  const real = testWeb({ database: tested.database, listener });
  const web: TestWeb = {
    ...real,
    checkModelKey: async () => 'accepted',
    askProvider: async () => ({ kind: 'accepted', models: ['m'] }),
    askSandboxService: async () => ({ kind: 'accepted' }),
    findOidc: async () => ({ kind: 'found', places: { ...places, clientAuth: 'client_secret_basic' } }),
    txtRecords: async (name) => (name === proofName(domain.domain) ? [proofText(domain.proof)] : []),
  };
  const sessionId = newId('session');
  const session = { id: sessionId, sessionToken: sessionId, userId: owner.userId };
  await tested.database.system.session.create({ data: { ...session, expires: new Date(Date.now() + 60_000) } });
  const { id } = await db.ssoProvider.findFirstOrThrow({ where: { orgId } });
  const calls = callerAs(web, { ...owner, operator: false, sessionId, provider: id }) as unknown as Record<
    string,
    Record<string, (input: object) => Promise<unknown>>
  >;
  const ask = async (path: string, input: Try) => {
    const [feature = '', name = ''] = path.split('.');
    await calls[feature]![name]!({ org: of.org.slug, ...(await input(of.ids, { ...of, web })) });
  };
  const events = () =>
    tested.admin<{ kind: OrgEventKind; by: string }>(
      `select e.kind, convert_from(e.header, 'UTF8')::jsonb #>> '{actor,userId}' as by
       from event e join stream s on s.org_id = e.org_id and s.id = e.stream_id
       where s.org_id = $1 and s.kind = 'org' order by e.seq`,
      [orgId],
    );
  return { ask, events, owner, close: () => listener.close() };
}

const mutations = Object.entries(procedures)
  .filter(([path, { _def }]) => _def.type === 'mutation' && !['signed in', 'a key'].includes(fixtures[path]!.demands))
  .map(([path]) => path);

it('every mutation of an org is tried, or is known to change nothing', () => {
  expect([...Object.keys(tries), ...looks, ...ofWork].toSorted()).toEqual(mutations.toSorted());
});

describe('is in the org’s log, with who did it:', () => {
  it.each(Object.keys(tries))('%s', async (path) => {
    const { ask, events, owner, close } = await ground();
    for (const [earlier, input] of before[path] ?? []) await ask(earlier, input);
    const was = (await events()).length;
    await ask(path, tries[path]!);
    const said = (await events()).slice(was);
    await close();
    expect(said.length).toBeGreaterThan(0);
    for (const { by } of said) expect(by).toBe(owner.userId);
    // What a run cannot have said, it cannot have done: the event is part of the change.
    for (const { kind } of said) expect([kind, mayCause({ type: 'agent-run' }, kind)]).toEqual([kind, false]);
  });
});
