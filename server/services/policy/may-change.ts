import type { OrgTx } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import { can, type OrgRole } from '../../domain/authz/scopes.ts';
import { authorOf, type Actor } from '../../domain/events/actor.ts';
import type { ApprovalRule } from '../../domain/policy/approval-rule.ts';
import type { PolicyDocument } from '../../domain/policy/document.ts';
import { onlyTightens } from '../../domain/policy/only-tightens.ts';
import { orgPolicy } from './org-policy.ts';

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
  const userId = authorOf(actor);
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

/** `lost`: what somebody had added to classes of a repo. Without it rules speak of fewer files, as after a change of the policy. */
export async function requireMayTakeAway(
  tx: OrgTx,
  { orgId, actor, lost }: { orgId: string; actor: Actor; lost: readonly string[] },
): Promise<void> {
  const saved = await orgPolicy(tx, orgId);
  const what = `This takes ${lost.slice(0, 5).join(', ')} away again`;
  if (saved.approval !== undefined) {
    const message = `${what}, which nobody can alone while a second person approves the policy (\`approval\`). Put \`except\` into the rule that is meant.`;
    throw new AppError('forbidden', message);
  }
  const member = actor.type === 'user' ? await tx.member.findFirst({ where: { orgId, userId: actor.userId } }) : null;
  if (!member || !can(member.role as OrgRole, 'org:configure')) {
    throw new AppError('forbidden', `${what}: that is for whoever may change the policy. Adding patterns is not.`);
  }
  await requireMayChange(tx, { orgId, actor, saved });
}
