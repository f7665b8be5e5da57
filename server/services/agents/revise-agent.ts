import type { OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { readSettings, type AgentSettings } from '../../domain/agents/agent-settings.ts';
import { AppError } from '../../domain/errors.ts';

type By = { orgId: string; authorId: string | null; now: Date };

/** A new agent with its first revision. The caller says so in the log. */
export async function insertAgent(
  tx: OrgTx,
  by: By,
  { roleId, settings, note }: { roleId: string; settings: AgentSettings; note: string },
): Promise<{ agentId: string }> {
  const { orgId, now } = by;
  const agentId = newId('agent');
  const { name, repoId, maxRuns, secondsLimit } = settings;
  await tx.agent.create({
    data: { orgId, id: agentId, name, roleId, repoId, maxRuns, secondsLimit, createdAt: now },
  });
  await insertRevision(tx, by, { agentId, number: 1, settings, note });
  return { agentId };
}

type Revising = { agentId: string; from: number; settings: AgentSettings; note: string };

/**
 * Sets an agent to something else by its next revision: the row that work is decided by and the record of it are written
 * together, here and nowhere else. Throws `conflict` where it is not at revision `from` any more.
 */
export async function reviseAgent(tx: OrgTx, by: By, { agentId, from, settings, note }: Revising): Promise<number> {
  const { orgId } = by;
  const { name, repoId, maxRuns, secondsLimit } = settings;
  const number = from + 1;
  const { count } = await tx.agent.updateMany({
    where: { orgId, id: agentId, revision: from },
    data: { name, repoId, maxRuns, secondsLimit, revision: number },
  });
  if (count === 0) {
    throw new AppError('conflict', 'Somebody else has changed this agent meanwhile. Look at it again.');
  }
  await insertRevision(tx, by, { agentId, number, settings, note });
  return number;
}

type Revision = { agentId: string; number: number; settings: AgentSettings; note: string };

async function insertRevision(tx: OrgTx, { orgId, authorId, now }: By, { agentId, number, settings, note }: Revision) {
  const row = { orgId, id: newId('agentRevision'), agentId, number, body: settings, authorId, note, createdAt: now };
  await tx.agentRevision.create({ data: row });
}

/** What an agent is set to now. Throws `not_found`. */
export async function currentSettings(tx: OrgTx, { orgId, agentId }: { orgId: string; agentId: string }) {
  const agent = await tx.agent.findUnique({ where: { orgId_id: { orgId, id: agentId } } });
  if (!agent) throw new AppError('not_found', 'There is no such agent in this org.');
  const settings = await settingsAt(tx, { orgId, agentId, number: agent.revision });
  if (!settings) throw new Error(`agent ${agentId} has no revision ${agent.revision}`);
  return { agent, settings };
}

type At = { orgId: string; agentId: string; number: number };

export async function settingsAt(tx: OrgTx, { orgId, agentId, number }: At): Promise<AgentSettings | null> {
  const key = { orgId, agentId, number };
  const row = await tx.agentRevision.findUnique({ where: { orgId_agentId_number: key } });
  return row && readSettings(row.body);
}
