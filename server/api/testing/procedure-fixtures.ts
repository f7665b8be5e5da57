import type { Scope } from '../../domain/authz/scopes.ts';
import { agentSet, ownModel, type Ids } from './furnished-org.ts';
import { noneAdded } from '../../domain/scope/own-classes.ts';

type Fixture = {
  demands: Scope | 'signed in' | 'a key';
  /** A whole input without `org`, whose ids are those given. Procedures that name nothing of an org have none. */
  input?: (ids: Ids) => Record<string, unknown>;
  /** Answers an id that leads nowhere without a refusal: with an empty list, or as done. */
  quiet?: true;
};

const ref = ({ connectionId }: Ids) => ({ connectionId, model: 'm' });
const setup = { install: '', build: '', lint: '', registries: [], lockfiles: [], tests: [], services: [] };

const webhook = { url: 'https://hooks.example.com/', filter: '', sendsEvents: true, sendsHeads: false };

const networkSecret = {
  name: 'X_TOKEN',
  places: ['api.example.com'],
  header: 'Authorization: Bearer {}',
  value: 'a-secret-value',
  inSetUp: false,
  inRuns: true,
};

const ofNobody: Record<string, Fixture> = {
  'me.get': { demands: 'signed in' },
  'me.disconnectGithub': { demands: 'signed in' },
  'sessions.list': { demands: 'signed in' },
  'sessions.revoke': { demands: 'signed in' },
  'sessions.revokeAll': { demands: 'signed in' },
  'orgs.list': { demands: 'signed in' },
  'orgs.create': { demands: 'signed in' },
  'invitations.get': { demands: 'signed in' },
  'invitations.accept': { demands: 'signed in' },
  'installation.get': { demands: 'signed in' },
  'installation.outbox': { demands: 'signed in' },
  'keys.self': { demands: 'a key' },
  'sso.bypass': { demands: 'signed in' },
};

const ofTheOrg: Record<string, Fixture> = {
  'orgs.get': { demands: 'org:read' },
  'orgs.rename': { demands: 'org:configure' },
  'orgs.requestDeletion': { demands: 'org:own' },
  'orgs.undoDeletion': { demands: 'org:own' },
  'people.list': { demands: 'org:read' },
  'people.changeRole': { demands: 'members:manage', input: ({ memberId }) => ({ memberId, role: 'auditor' }) },
  'people.remove': { demands: 'org:read', input: ({ memberId }) => ({ memberId }) },
  'people.transfer': { demands: 'org:own', input: ({ memberId }) => ({ memberId }) },
  'people.invite': { demands: 'members:manage' },
  'people.revokeInvitation': { demands: 'members:manage', input: ({ invitationId }) => ({ invitationId }) },
  'teams.list': { demands: 'org:read' },
  'teams.rename': { demands: 'org:configure', input: ({ teamId }) => ({ teamId, name: 'x' }) },
  'teams.remove': { demands: 'org:configure', input: ({ teamId }) => ({ teamId }) },
  'teams.setMember': {
    demands: 'org:configure',
    input: ({ teamId, memberId }) => ({ teamId, memberId, isIn: true }),
  },
  'sso.get': { demands: 'org:own' },
  'sso.save': { demands: 'org:own' },
  'sso.remove': { demands: 'org:own' },
  'sso.require': { demands: 'org:own' },
  'sso.addDomain': { demands: 'org:own' },
  'sso.proveDomain': { demands: 'org:own', input: ({ domainId }) => ({ domainId }) },
  'sso.removeDomain': { demands: 'org:own', input: ({ domainId }) => ({ domainId }) },
  'sso.setJoin': { demands: 'org:own', input: ({ domainId }) => ({ domainId, joinAs: 'member' }) },
  'keys.list': { demands: 'org:configure' },
  'keys.addAccount': { demands: 'org:configure' },
  'keys.retireAccount': { demands: 'org:configure', input: ({ serviceAccountId }) => ({ serviceAccountId }) },
  'keys.make': {
    demands: 'org:configure',
    input: ({ serviceAccountId }) => ({ serviceAccountId, scopes: ['org:read'], days: 1 }),
  },
  'keys.revoke': { demands: 'org:configure', input: ({ keyId }) => ({ keyId }) },
  'starters.get': { demands: 'org:read' },
  'starters.hire': { demands: 'org:configure' },
  'agents.list': { demands: 'org:read' },
  'agents.hire': { demands: 'org:configure', input: ({ repoId }) => ({ role: 'developer', name: 'Second', repoId }) },
  'agents.revisions': { demands: 'org:read', input: ({ agentId }) => ({ agentId }) },
  'agents.save': {
    demands: 'org:configure',
    input: ({ agentId, repoId }) => ({ agentId, basedOn: 1, note: 'why', settings: agentSet({ repoId }) }),
  },
  'agents.retire': { demands: 'org:configure', input: ({ agentId }) => ({ agentId }) },
  'agents.reinstate': { demands: 'org:configure', input: ({ agentId }) => ({ agentId }) },
  'audit.verify': { demands: 'audit:verify' },
  'audit.events': { demands: 'audit:verify' },
  'audit.search': { demands: 'audit:verify' },
  'audit.event': { demands: 'audit:verify', input: ({ streamId }) => ({ streamId, seq: 1 }) },
  'audit.erase': { demands: 'audit:erase', input: ({ streamId }) => ({ streamId, seq: 1, reason: 'asked for' }) },
  'retention.get': { demands: 'audit:verify' },
  'retention.set': { demands: 'audit:erase', input: () => ({ kind: 'outputs', days: 30 }) },
  'retention.placeHold': { demands: 'audit:erase', input: ({ runId }) => ({ runId, reason: 'a lawsuit' }) },
  'retention.liftHold': { demands: 'audit:erase', input: ({ holdId }) => ({ holdId, reason: 'settled' }) },
  'audit.standing': { demands: 'audit:verify' },
  'audit.words': { demands: 'audit:verify' },
  'audit.filters': { demands: 'audit:verify' },
  'audit.saveFilter': { demands: 'audit:verify' },
  'audit.removeFilter': { demands: 'audit:verify', input: ({ savedFilterId }) => ({ savedFilterId }) },
  'audit.head': { demands: 'audit:verify' },
  'audit.growth': { demands: 'audit:verify' },
  'audit.proof': { demands: 'audit:verify', input: ({ streamId }) => ({ streamId, seq: 1 }) },
};

const ofSettings: Record<string, Fixture> = {
  'settings.model': { demands: 'org:read' },
  'settings.models': { demands: 'org:read' },
  'settings.budgets': { demands: 'org:read' },
  'settings.chooseModel': { demands: 'org:configure', input: (ids) => ({ use: 'default', ref: ref(ids) }) },
  'settings.saveModel': { demands: 'org:configure', input: ({ connectionId }) => ownModel(connectionId) },
  'settings.removeModel': { demands: 'org:configure', input: ref },
  'settings.saveModelConnection': { demands: 'org:configure' },
  'settings.removeModelConnection': {
    demands: 'org:configure',
    input: ({ connectionId }) => ({ connectionId }),
  },
  'settings.saveModelKey': { demands: 'org:configure' },
  'settings.removeModelKey': { demands: 'org:configure' },
  'settings.sandboxes': { demands: 'org:read' },
  'settings.saveSandboxAccount': { demands: 'org:configure' },
  'settings.removeSandboxAccount': { demands: 'org:configure' },
  'settings.setBudget': {
    demands: 'org:configure',
    input: ({ repoId }) => ({ dimension: 'repo', subject: repoId, micros: 1_000_000, tokens: null, seconds: null }),
  },
  'policy.get': { demands: 'org:read' },
  'policy.smoke': { demands: 'repos:connect', input: ({ repoId, agentId }) => ({ repoId, agentId }) },
  'policy.smoked': { demands: 'repos:read', input: ({ smokeId }) => ({ smokeId }) },
  'policy.explain': { demands: 'org:read' },
  'policy.backtest': { demands: 'runs:read', input: ({ repoId }) => ({ yaml: 'preset: balanced\n', repoId }) },
  'policy.access': {
    demands: 'repos:read',
    input: ({ repoId, taskId }) => ({ repoId, taskId, sides: [{ role: 'developer' }] }),
  },
  'policy.ask': {
    demands: 'repos:read',
    input: ({ repoId, taskId }) => ({
      ...{ repoId, taskId, sides: [{ role: 'developer' }] },
      question: { kind: 'write', text: 'src/a.js' },
    }),
  },
  'policy.save': { demands: 'org:configure' },
  'secrets.list': { demands: 'org:read' },
  'secrets.save': {
    demands: 'org:configure',
    input: ({ secretId, repoId }) => ({ ...networkSecret, secretId, repoId }),
  },
  'secrets.remove': { demands: 'org:configure', input: ({ secretId }) => ({ secretId }), quiet: true },
  'roles.list': { demands: 'org:read' },
  'roles.save': { demands: 'org:configure' },
  'roles.add': { demands: 'org:configure' },
  'webhooks.get': { demands: 'audit:verify' },
  'webhooks.save': { demands: 'org:configure', input: ({ webhookId }) => ({ webhookId, ...webhook }) },
  'webhooks.remove': { demands: 'org:configure', input: ({ webhookId }) => ({ webhookId }) },
  'webhooks.enable': { demands: 'org:configure', input: ({ webhookId }) => ({ webhookId, enabled: true }) },
  'webhooks.changeSecret': { demands: 'org:configure', input: ({ webhookId }) => ({ webhookId }) },
  'webhooks.test': { demands: 'org:configure', input: ({ webhookId }) => ({ webhookId }) },
  'webhooks.resend': {
    demands: 'org:configure',
    input: ({ webhookId, deliveryId }) => ({ webhookId, deliveryId }),
  },
  'webhooks.discard': {
    demands: 'org:configure',
    input: ({ webhookId, deliveryId }) => ({ webhookId, deliveryId }),
  },
  'tools.get': { demands: 'org:read' },
  'tools.saveServer': {
    demands: 'org:configure',
    input: ({ serverId }) => ({ serverId, name: 'x', transport: { kind: 'stdio', command: 'x' } }),
  },
  'tools.removeServer': { demands: 'org:configure', input: ({ serverId }) => ({ serverId }), quiet: true },
  'tools.tryServer': { demands: 'org:configure', input: ({ serverId, repoId }) => ({ serverId, repoId }) },
  'tools.allow': { demands: 'org:configure', input: ({ serverId }) => ({ serverId, tools: [] }) },
  'tools.changeRole': { demands: 'org:configure' },
  'budgets.alerts': { demands: 'org:read', input: ({ taskId, runId }) => ({ taskId, runId }), quiet: true },
  'budgets.setLevels': { demands: 'org:configure' },
  'budgets.addTeam': { demands: 'org:configure' },
  'budgets.assignTeam': {
    demands: 'org:configure',
    input: ({ repoId, teamId }) => ({ dimension: 'repo', subject: repoId, teamId }),
  },
};

const ofRepos: Record<string, Fixture> = {
  'repos.list': { demands: 'repos:read' },
  'repos.classes': { demands: 'repos:read', input: ({ repoId }) => ({ repoId }) },
  'repos.confirmClasses': {
    demands: 'repos:connect',
    input: ({ repoId }) => ({ repoId, basedOn: 0, classes: noneAdded }),
  },
  'repos.probe': { demands: 'repos:connect' },
  'repos.connect': { demands: 'repos:connect' },
  'repos.survey': { demands: 'repos:connect', input: ({ repoId }) => ({ repoId }) },
  'repos.configure': { demands: 'repos:connect', input: ({ repoId }) => ({ repoId, testCommand: 'npm test', setup }) },
  'proposals.list': { demands: 'org:read', input: ({ repoId }) => ({ repoId }) },
  'proposals.look': { demands: 'repos:connect', input: ({ repoId }) => ({ repoId }) },
  'proposals.accept': {
    demands: 'org:configure',
    input: ({ proposalId }) => ({ proposalId, digest: 'd', basedOn: 0, orgVersion: 1, hash: 'h' }),
  },
  'proposals.dismiss': {
    demands: 'org:configure',
    input: ({ proposalId }) => ({ proposalId, digest: 'd', reason: 'x' }),
  },
  'proposals.restore': { demands: 'org:configure', input: ({ repoId }) => ({ repoId, version: 1, basedOn: 1 }) },
  'environment.get': { demands: 'repos:read', input: ({ repoId }) => ({ repoId }) },
  'environment.list': { demands: 'repos:read' },
  'environment.check': { demands: 'tasks:create', input: ({ repoId }) => ({ repoId }) },
};

const ofWork: Record<string, Fixture> = {
  'tasks.list': { demands: 'tasks:read' },
  'tasks.get': { demands: 'tasks:read', input: ({ taskId }) => ({ taskId }) },
  'tasks.suggest': { demands: 'tasks:read', input: ({ repoId }) => ({ repoId }) },
  'tasks.preflight': { demands: 'tasks:read', input: ({ repoId }) => ({ repoId, title: 'x' }) },
  'tasks.create': { demands: 'tasks:create', input: ({ repoId }) => ({ repoId, title: 'x', scope: ['**'] }) },
  'board.get': { demands: 'tasks:read' },
  'board.changes': { demands: 'tasks:read' },
  'runs.get': { demands: 'runs:read', input: ({ runId }) => ({ runId }) },
  'runs.diff': { demands: 'runs:read', input: ({ runId }) => ({ runId }) },
  'runs.image': { demands: 'runs:read', input: ({ runId, blobId }) => ({ runId, blobId }) },
  'runs.events': { demands: 'runs:read', input: ({ runId }) => ({ runId }) },
  'runs.live': { demands: 'runs:read', input: ({ runId }) => ({ runId }) },
  'runs.turnDiff': { demands: 'runs:read', input: ({ runId }) => ({ runId, turn: 1 }) },
  'runs.axis': { demands: 'runs:read', input: ({ runId }) => ({ runId }) },
  'runs.page': { demands: 'runs:read', input: ({ runId }) => ({ runId, which: { at: 1 } }) },
  'runs.digest': { demands: 'runs:read', input: ({ runId }) => ({ runId }) },
  'runs.files': { demands: 'runs:read', input: ({ runId }) => ({ runId, turn: 1 }) },
  'runs.file': { demands: 'runs:read', input: ({ runId }) => ({ runId, turn: 1, path: 'a' }) },
  'runs.search': { demands: 'runs:read', input: ({ runId }) => ({ runId, text: 'xy' }) },
  'runs.stop': { demands: 'runs:stop', input: ({ runId }) => ({ runId, reason: 'x' }) },
  'runs.steer': { demands: 'runs:steer', input: ({ runId }) => ({ runId, text: 'x' }) },
  'runs.pause': { demands: 'runs:steer', input: ({ runId }) => ({ runId }) },
  'runs.resume': { demands: 'runs:steer', input: ({ runId }) => ({ runId }) },
  'runs.retry': { demands: 'runs:steer', input: ({ runId }) => ({ runId, turn: 1 }) },
  'changes.list': { demands: 'runs:read' },
  'changes.get': { demands: 'runs:read', input: ({ changeId }) => ({ changeId }) },
  'approvals.list': { demands: 'approvals:read' },
  'approvals.get': { demands: 'approvals:read', input: ({ approvalId }) => ({ approvalId }) },
  'approvals.decide': {
    demands: 'approvals:read',
    input: ({ approvalId }) => ({ approvalId, digest: 'x', verdict: 'approved', reason: '' }),
  },
};

/** Every procedure, what it demands and how to call it. A new one does not pass until it is put here on purpose. */
export const fixtures: Record<string, Fixture> = { ...ofNobody, ...ofTheOrg, ...ofSettings, ...ofRepos, ...ofWork };
