import type { OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { newAgent } from '../../domain/agents/agent-settings.ts';
import type { DefinitionTarget } from '../../domain/approval/subject.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import type { RoleBody } from '../../domain/roles/role-body.ts';
import { insertAgent } from '../agents/revise-agent.ts';
import { voidDefinitions } from '../definitions/void-definitions.ts';

type Inserting = {
  orgId: string;
  now: Date;
  what: Extract<DefinitionTarget, { of: 'new-role' }>;
  body: RoleBody;
  hash: string;
  authorId: string | null;
  note: string;
  approvalId?: string;
};

/** What the agent is called that is hired into a new role. */
export const agentOf = (role: string) => `${role.slice(0, 1).toUpperCase()}${role.slice(1).replaceAll('-', ' ')}`;

/** A new role as version 1, with one agent; returns what the caller's transaction is to tell. The name is the lock. */
export async function insertRole(tx: OrgTx, inserting: Inserting): Promise<OrgEvent[]> {
  const { orgId, now, what, body, hash, authorId, note, approvalId } = inserting;
  const { name, from, maxRuns, secondsLimit } = what;
  const roleId = newId('role');
  await tx.role.create({ data: { orgId, id: roleId, name, createdAt: now } });
  const version = { orgId, id: newId('roleVersion'), roleId, version: 1, body, hash, authorId, note, createdAt: now };
  await tx.roleVersion.create({ data: version });
  const agent = agentOf(name);
  const settings = newAgent({ name: agent, maxRuns, secondsLimit });
  const { agentId } = await insertAgent(tx, { orgId, authorId, now }, { roleId, settings, note: 'Hired' });
  const by = approvalId === undefined ? {} : { approvalId, ...(authorId !== null && { authorId }) };
  const reason = `This org has a role named ${name} by now.`;
  const closed = await voidDefinitions(tx, { orgId, now, what, reason, except: approvalId });
  return [{ kind: 'role.added', payload: { roleId, role: name, from, hash, agentId, agent, ...by } }, ...closed];
}
