import type { OrgTx } from '../../db/connect.ts';
import type { OrgRole } from '../../domain/authz/scopes.ts';
import { AppError } from '../../domain/errors.ts';
import type { Actor } from '../../domain/events/actor.ts';
import type { ApprovalRule } from '../../domain/policy/approval-rule.ts';
import type { PolicyDocument } from '../../domain/policy/document.ts';
import { onlyTightens } from '../../domain/policy/only-tightens.ts';

/** `rule`: of the org's version in force, never of the one that would follow: it is loosened under itself. */
export function mustBeApproved(
  rule: ApprovalRule | undefined,
  { before, after }: { before: PolicyDocument; after: PolicyDocument },
): boolean {
  if (rule === undefined) return false;
  return rule.tightening !== 'at-once' || !onlyTightens(before, after);
}

type Change = { orgId: string; actor: Actor; saved: PolicyDocument };

/** Who may change a policy is said by the org's that holds, and not by the one that would follow. */
export async function requireMayChange(tx: OrgTx, { orgId, actor, saved }: Change): Promise<void> {
  const userId = actor.type === 'user' ? actor.userId : null;
  const member = userId && (await tx.member.findUnique({ where: { orgId_userId: { orgId, userId } } }));
  if (mayChange(saved, member ? member.role : null)) return;
  throw new AppError(
    'forbidden',
    'The policy that holds leaves changes of it to owners of the org (`changes: owners`).',
  );
}

export function mayChange(saved: PolicyDocument, role: OrgRole | null): boolean {
  return saved.changes !== 'owners' || role === 'owner';
}
