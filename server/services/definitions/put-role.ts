import type { OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import type { DefinitionTarget } from '../../domain/approval/subject.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import type { RoleBody } from '../../domain/roles/role-body.ts';
import { overtaken, type Put } from './put-policy.ts';
import { voidDefinitions } from './void-definitions.ts';

type OfRole = Extract<DefinitionTarget, { of: 'role' }>;

type PutRole = Put<OfRole, RoleBody> & {
  /** What the log calls a version that is saved as one of other tools or servers; otherwise it is a saved role. */
  told?: 'role.tools-changed' | undefined;
};

/** Stores the next version of a role; returns what the caller's transaction is to tell. The version's number is the lock. */
export async function putRole(tx: OrgTx, put: PutRole): Promise<OrgEvent[]> {
  const { orgId, now, what, version, body, hash, authorId, note, restored, approvalId } = put;
  const { roleId, name: role } = what;
  const id = newId('roleVersion');
  await tx.roleVersion.create({ data: { orgId, id, roleId, version, body, hash, authorId, note, createdAt: now } });
  const closed = await voidDefinitions(tx, { orgId, now, what, reason: overtaken(version), except: approvalId });
  closed.push(...(await voidKept(tx, put)));
  if (put.told === 'role.tools-changed') {
    const { tools, servers } = body;
    return [{ kind: put.told, payload: { roleId, role, version, hash, tools, servers } }, ...closed];
  }
  const said = { roleId, role, version, hash, note, restored };
  const by = approvalId === undefined ? {} : { approvalId, ...(authorId !== null && { authorId }) };
  return [{ kind: 'role.saved', payload: { ...said, ...by } }, ...closed];
}

/** An agent that was to be kept at the newest version would be kept at an older one by now, which nobody was shown. */
async function voidKept(tx: OrgTx, { orgId, now, what, version }: PutRole): Promise<OrgEvent[]> {
  const { roleId } = what;
  const agents = await tx.agent.findMany({ where: { orgId, roleId }, select: { id: true } });
  const kept = { of: 'kept' as const, roleId, agentIds: agents.map(({ id }) => id) };
  const reason = `Version ${version} of its role came into force meanwhile. Choose the version that it is kept at again.`;
  return voidDefinitions(tx, { orgId, now, what: kept, reason });
}
