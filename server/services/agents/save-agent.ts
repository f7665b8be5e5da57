import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database, OrgTx } from '../../db/connect.ts';
import { changedSettings, type AgentSettings } from '../../domain/agents/agent-settings.ts';
import { AppError } from '../../domain/errors.ts';
import { authorOf, type Actor } from '../../domain/events/actor.ts';
import { warnIn } from '../budgets/warn-budgets.ts';
import { isUniqueViolation } from '../orgs/is-unique-violation.ts';
import { readApprovalRule } from '../policy/approval-rule.ts';
import { currentSettings, reviseAgent, settingsAt } from './revise-agent.ts';

type Deps = { database: Database; orgId: string; actor: Actor; now: Date };

/** `basedOn`: the revision that was edited, which must hold still. `restored`: the earlier one that is taken up again, whole. */
type AgentSave = {
  agentId: string;
  basedOn: number;
  note: string;
  settings: AgentSettings | null;
  restored: number | null;
};

/**
 * Saves what an agent is set to as its next revision. Runs that begin from now on have it; those under way keep the
 * instructions and the version of the role that they began with. Throws `conflict` where somebody changed the agent
 * meanwhile or its name is taken, `not_found`, `forbidden` and `invalid_input`.
 */
export async function saveAgent(deps: Deps, save: AgentSave): Promise<{ revision: number }> {
  const { database, orgId } = deps;
  try {
    return await database.transaction(orgId, (tx) => insert(tx, deps, save));
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError('conflict', 'This org has an agent of that name already. Choose another.');
  }
}

async function insert(tx: OrgTx, deps: Deps, save: AgentSave): Promise<{ revision: number }> {
  const { orgId, actor, now } = deps;
  const { agentId, basedOn: from, note, restored } = save;
  const { agent, settings: before } = await currentSettings(tx, { orgId, agentId });
  if (agent.revision !== from) {
    const message = `Revision ${agent.revision} was saved meanwhile. Look at it, then put your change on top of it.`;
    throw new AppError('conflict', message);
  }
  const settings = await wanted(tx, orgId, save);
  const changed = changedSettings(before, settings);
  if (changed.length === 0) return { revision: from };
  await assertPossible(tx, { orgId, roleId: agent.roleId, settings, keptAt: before.roleVersion });
  const revision = await reviseAgent(tx, { orgId, authorId: authorOf(actor), now }, { agentId, from, settings, note });
  // The agent's row, then its account, then the org's log, as everybody takes these locks.
  const budgetIds = changed.includes('secondsLimit') ? await moveLimit(tx, { orgId, agentId, settings, now }) : [];
  const payload = { agentId, agent: settings.name, revision, changed, note, restored };
  await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'agent.revised', payload }] });
  await warnIn(tx, { orgId, now, budgetIds });
  return { revision };
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

type Possible = {
  orgId: string;
  roleId: string;
  settings: Pick<AgentSettings, 'name' | 'repoId' | 'roleVersion'>;
  /** The version of its role that it stays at so far. */
  keptAt: number | null;
};

/**
 * Refuses a repo or a version of the role that is not there (`not_found`), and a way back to an older version of the role past
 * those who have to approve versions (`forbidden`).
 */
export async function assertPossible(tx: OrgTx, { orgId, roleId, settings, keptAt }: Possible): Promise<void> {
  const { name, repoId, roleVersion: version } = settings;
  if (repoId !== null && !(await tx.repo.findUnique({ where: { orgId_id: { orgId, id: repoId } } }))) {
    throw new AppError('not_found', 'There is no such repo in this org.');
  }
  if (version === null) return;
  const key = { orgId, roleId, version };
  if (!(await tx.roleVersion.findUnique({ where: { orgId_roleId_version: key } }))) {
    throw new AppError('not_found', `Its role has no version ${version}.`);
  }
  if (version === keptAt || (await readApprovalRule(tx, orgId)) === null) return;
  const newest = await tx.roleVersion.findFirstOrThrow({ where: { orgId, roleId }, orderBy: { version: 'desc' } });
  if (newest.version === version) return;
  throw new AppError(
    'forbidden',
    `The policy wants somebody else to approve versions of roles, so ${name} cannot be put at version ${version} of its role. ` +
      `Choose the newest, ${newest.version}, or take version ${version} up again on the page of the role, where it waits for approval.`,
  );
}

type Moved = { orgId: string; agentId: string; settings: AgentSettings; now: Date };

/** The month that has begun is held to it too, unless a budget of the agent says otherwise. */
async function moveLimit(tx: OrgTx, { orgId, agentId, settings, now }: Moved): Promise<string[]> {
  const of = { orgId, dimension: 'agent' as const, subject: agentId };
  const own = await tx.budgetLimit.findFirst({ where: { ...of, period: 'month', millis: { not: null } } });
  if (own) return [];
  const account = { ...of, period: now.toISOString().slice(0, 7) };
  const millisLimit = BigInt(settings.secondsLimit) * 1_000n;
  await tx.budget.updateMany({ where: account, data: { millisLimit, warned: 0 } });
  const open = await tx.budget.findMany({ where: account, select: { id: true } });
  return open.map(({ id }) => id);
}
