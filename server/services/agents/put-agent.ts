import type { OrgTx } from '../../db/connect.ts';
import { changedSettings, type AgentSettings } from '../../domain/agents/agent-settings.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import { voidDefinitions } from '../definitions/void-definitions.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { insertAgent, reviseAgent } from './revise-agent.ts';

type By = {
  orgId: string;
  now: Date;
  authorId: string | null;
  /** The approval that it needed, where it did. */ approvalId?: string;
};

type Putting = {
  agentId: string;
  from: number;
  before: AgentSettings;
  settings: AgentSettings;
  note: string;
  restored: number | null;
};

/** What the caller's transaction is to tell the org last, and the accounts whose limit moved. */
type Put = { revision: number; events: OrgEvent[]; budgetIds: string[] };

const approvedBy = ({ approvalId, authorId }: By) =>
  approvalId === undefined ? {} : { approvalId, ...(authorId !== null && { authorId }) };

/**
 * Sets an agent to its next revision. Takes the agent's row, then its account, then the org's stream, as everybody takes these
 * locks. Throws `conflict` where it is not at revision `from` any more.
 */
export async function putAgent(tx: OrgTx, by: By, putting: Putting): Promise<Put> {
  const { orgId, now } = by;
  const { agentId, from, before, settings, note, restored } = putting;
  const changed = changedSettings(before, settings);
  const revision = await reviseAgent(tx, by, { agentId, from, settings, note });
  const budgetIds = changed.includes('secondsLimit') ? await moveLimit(tx, { orgId, agentId, settings, now }) : [];
  await lockOrgStream(tx, orgId);
  const reason = `Revision ${revision} came into force meanwhile. Draft it again on top of that one.`;
  const what = { of: 'agent' as const, agentId, name: before.name };
  const closed = await voidDefinitions(tx, { orgId, now, what, reason, except: by.approvalId });
  const payload = { agentId, agent: settings.name, revision, changed, note, restored, ...approvedBy(by) };
  return { revision, budgetIds, events: [{ kind: 'agent.revised', payload }, ...closed] };
}

type Hired = { role: { id: string; name: string }; settings: AgentSettings; note: string };

/** Another agent of a role; the name is the lock. */
export async function putNewAgent(
  tx: OrgTx,
  by: By,
  { role, settings, note }: Hired,
): Promise<{ agentId: string; events: OrgEvent[] }> {
  const { orgId, now } = by;
  const { agentId } = await insertAgent(tx, by, { roleId: role.id, settings, note });
  const { name, repoId } = settings;
  const what = { of: 'new-agent' as const, roleId: role.id, role: role.name, name };
  const reason = `This org has an agent named ${name} by now.`;
  const closed = await voidDefinitions(tx, { orgId, now, what, reason, except: by.approvalId });
  const payload = { agentId, agent: name, roleId: role.id, role: role.name, repoId, ...approvedBy(by) };
  return { agentId, events: [{ kind: 'agent.hired', payload }, ...closed] };
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

/** Locks an agent's row and its account of this month, before what comes behind them. */
export async function lockAgent(tx: OrgTx, { orgId, agentId, now }: { orgId: string; agentId: string; now: Date }) {
  await tx.agent.updateMany({ where: { orgId, id: agentId }, data: { revision: { increment: 0 } } });
  const account = { orgId, dimension: 'agent' as const, subject: agentId, period: now.toISOString().slice(0, 7) };
  await tx.budget.updateMany({ where: account, data: { warned: { increment: 0 } } });
}
