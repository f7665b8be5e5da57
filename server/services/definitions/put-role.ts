import type { OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import type { DefinitionTarget } from '../../domain/approval/subject.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import type { RoleBody } from '../../domain/roles/role-body.ts';
import { overtaken, type Put } from './put-policy.ts';
import { voidDefinitions } from './void-definitions.ts';

type OfRole = Extract<DefinitionTarget, { of: 'role' }>;

/** Stores the next version of a role; returns what the caller's transaction is to tell. The version's number is the lock. */
export async function putRole(tx: OrgTx, put: Put<OfRole, RoleBody>): Promise<OrgEvent[]> {
  const { orgId, now, what, version, body, hash, authorId, note, restored, approvalId } = put;
  const { roleId, name: role } = what;
  const id = newId('roleVersion');
  await tx.roleVersion.create({ data: { orgId, id, roleId, version, body, hash, authorId, note, createdAt: now } });
  const said = { roleId, role, version, hash, note, restored };
  const by = approvalId === undefined ? {} : { approvalId, ...(authorId !== null && { authorId }) };
  const closed = await voidDefinitions(tx, { orgId, now, what, reason: overtaken(version), except: approvalId });
  return [{ kind: 'role.saved', payload: { ...said, ...by } }, ...closed];
}
