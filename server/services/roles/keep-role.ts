import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import { authorOf, type Actor } from '../../domain/events/actor.ts';
import type { RoleBody } from '../../domain/roles/role-body.ts';
import { proposeDefinition } from '../definitions/propose-definition.ts';
import { plain } from '../definitions/plain.ts';
import { putRole } from '../definitions/put-role.ts';
import type { Saved } from '../definitions/saved.ts';
import { readApprovalRule } from '../policy/approval-rule.ts';

type By = { orgId: string; actor: Actor; now: Date };
type Next = {
  roleId: string;
  role: string;
  basedOn: number;
  body: RoleBody;
  hash: string;
  note: string;
  restored: number | null;
  told?: 'role.tools-changed';
};

/**
 * The next version of a role: in force at once, or put before those who have to approve it by the org's policy. Inside a
 * transaction that holds the lock of the org's stream and saw that `basedOn` is the newest.
 */
export async function keepRole(tx: OrgTx, { orgId, actor, now }: By, next: Next): Promise<Saved> {
  const { roleId, role, basedOn, body, hash, note, restored, told } = next;
  const draft = { what: { of: 'role' as const, roleId, name: role }, hash, note, restored };
  if ((await readApprovalRule(tx, orgId)) !== null) {
    const approvalId = await proposeDefinition(tx, { orgId, actor, now }, { ...draft, body: plain(body), basedOn });
    return { approvalId };
  }
  const authorId = authorOf(actor);
  const version = basedOn + 1;
  const events = await putRole(tx, { orgId, now, ...draft, body, version, authorId, told });
  await appendOrgEvents(tx, { orgId, actor, at: now, events });
  return { version };
}
