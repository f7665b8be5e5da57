import type { OrgDb, OrgTx } from '../../db/connect.ts';
import {
  approvedBesides,
  approverWords,
  type ApprovalRule,
  type Approver,
  type Beside,
} from '../../domain/policy/approval-rule.ts';
import { orgPolicy } from './org-policy.ts';

/** Who besides its author approves a version, by the org's policy in force; null where nobody has to. */
export async function readApprovalRule(db: OrgDb | OrgTx, orgId: string): Promise<ApprovalRule | null> {
  return (await orgPolicy(db, orgId)).approval ?? null;
}

/** Who else approves it, in words, where the org's policy in force lets what is meant wait for somebody else; otherwise null. */
export async function readWaitsFor(db: OrgDb | OrgTx, orgId: string, what: Beside): Promise<string | null> {
  const policy = await orgPolicy(db, orgId);
  return approvedBesides(policy).includes(what) ? approverWords(policy.approval ?? null) : null;
}

/** The members of an org, with the names of their teams. */
export async function readApprovers(db: OrgDb | OrgTx, orgId: string): Promise<Approver[]> {
  const rows = await db.member.findMany({ where: { orgId }, include: { teams: { include: { team: true } } } });
  return rows.map(({ userId, role, teams }) => ({ userId, role, teams: teams.map(({ team }) => team.name) }));
}
