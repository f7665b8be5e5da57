import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database, OrgTx } from '../../db/connect.ts';
import { changedSettings, type AgentSettings } from '../../domain/agents/agent-settings.ts';
import { loosened } from '../../domain/agents/loosened.ts';
import { AppError } from '../../domain/errors.ts';
import { authorOf, type Actor } from '../../domain/events/actor.ts';
import { definitionHash } from '../../domain/roles/definition-hash.ts';
import { warnIn } from '../budgets/warn-budgets.ts';
import { plain } from '../definitions/plain.ts';
import { proposeDefinition } from '../definitions/propose-definition.ts';
import { isUniqueViolation } from '../orgs/is-unique-violation.ts';
import { readWaitsFor } from '../policy/approval-rule.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { assertPossible, newestRoleVersion, whyImpossible } from './possible-agent.ts';
import { lockAgent, putAgent } from './put-agent.ts';
import { currentSettings, settingsAt } from './revise-agent.ts';

type Deps = { database: Database; orgId: string; actor: Actor; now: Date };

/** `basedOn`: the revision that was edited, which must hold still. `restored`: the earlier one that is taken up again, whole. */
type AgentSave = {
  agentId: string;
  basedOn: number;
  note: string;
  settings: AgentSettings | null;
  restored: number | null;
};

/** In force as this revision, or put before those who have to approve what lets an agent do more. */
export type AgentSaved = { revision: number } | { approvalId: string };

/**
 * Saves what an agent is set to as its next revision, or puts it before whom the org's policy wants to approve it. Runs that begin
 * from now on have it; those under way keep the instructions and the version of the role that they began with. Throws `conflict`
 * where somebody changed the agent meanwhile or its name is taken, `not_found`, `forbidden` and `invalid_input`.
 */
export async function saveAgent(deps: Deps, save: AgentSave): Promise<AgentSaved> {
  const { database, orgId } = deps;
  try {
    return await database.transaction(orgId, (tx) => insert(tx, deps, save));
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw nameTaken();
  }
}

const nameTaken = () => new AppError('conflict', 'This org has an agent of that name already. Choose another.');

async function insert(tx: OrgTx, deps: Deps, save: AgentSave): Promise<AgentSaved> {
  const { orgId, actor, now } = deps;
  const { agentId, basedOn: from, note, restored } = save;
  await lockAgent(tx, { orgId, agentId, now });
  // Before the name is written, as a decision that lets another agent have it takes them; the policy is read under it too.
  await lockOrgStream(tx, orgId);
  const { agent, settings: before } = await currentSettings(tx, { orgId, agentId });
  if (agent.revision !== from) {
    const message = `Revision ${agent.revision} was saved meanwhile. Look at it, then put your change on top of it.`;
    throw new AppError('conflict', message);
  }
  const settings = await wanted(tx, orgId, save);
  if (changedSettings(before, settings).length === 0) return { revision: from };
  const of = { orgId, roleId: agent.roleId, settings };
  if ((await readWaitsFor(tx, orgId, 'agents')) === null) {
    await assertPossible(tx, { ...of, keptAt: before.roleVersion });
  } else {
    const impossible = await whyImpossible(tx, of);
    if (impossible !== null) throw new AppError('not_found', impossible);
    const more = loosened(before, settings, await newestRoleVersion(tx, orgId, agent.roleId));
    if (more.length > 0) return propose(tx, deps, { save, before, settings });
  }
  const by = { orgId, now, authorId: authorOf(actor) };
  const put = await putAgent(tx, by, { agentId, from, before, settings, note, restored });
  await appendOrgEvents(tx, { orgId, actor, at: now, events: put.events });
  await warnIn(tx, { orgId, now, budgetIds: put.budgetIds });
  return { revision: put.revision };
}

type Proposing = { save: AgentSave; before: AgentSettings; settings: AgentSettings };

async function propose(tx: OrgTx, by: Deps, { save, before, settings }: Proposing): Promise<AgentSaved> {
  const { orgId } = by;
  const { agentId, basedOn, note, restored } = save;
  const { name } = settings;
  if (name !== before.name && (await tx.agent.count({ where: { orgId, name } })) > 0) throw nameTaken();
  const what = { of: 'agent' as const, agentId, name: before.name };
  const draft = { what, basedOn, body: plain(settings), hash: definitionHash(settings), note, restored };
  return { approvalId: await proposeDefinition(tx, by, draft) };
}

async function wanted(tx: OrgTx, orgId: string, { agentId, settings, restored }: AgentSave): Promise<AgentSettings> {
  if (restored === null) {
    if (settings) return settings;
    throw new AppError('invalid_input', 'Say what changes, or which revision is taken up again.');
  }
  const before = await settingsAt(tx, { orgId, agentId, number: restored });
  if (!before) throw new AppError('not_found', `This agent has no revision ${restored}.`);
  return before;
}
