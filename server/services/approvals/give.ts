import type { OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import type { Granted } from '../../domain/approval/granted.ts';
import type { ApprovalSubject } from '../../domain/approval/subject.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import { grantTtlMs } from '../../domain/policy/grant.ts';
import { raiseBudget } from '../budgets/raise-budget.ts';
import { bringIntoForce } from '../definitions/bring-into-force.ts';

export type Giving = {
  orgId: string;
  now: Date;
  approvalId: string;
  subject: ApprovalSubject;
  /** Null where there is nothing to narrow. */
  given: Granted | null;
};

/**
 * Makes true what an approval of scope, budget or a version gives, inside the transaction of the decision; returns what that
 * transaction is to tell the org last.
 */
export async function give(tx: OrgTx, giving: Giving): Promise<OrgEvent[]> {
  const { orgId, now, approvalId, subject, given } = giving;
  if (subject.kind === 'definition') return bringIntoForce(tx, { orgId, now, approvalId, subject });
  if (given === null) return [];
  if (subject.kind === 'scope' && given.kind === 'scope') return [await openScope(tx, giving, given)];
  if (subject.kind === 'budget' && given.kind === 'budget') {
    const { addMicros, addSeconds } = given;
    return [await raiseBudget(tx, { orgId, now, runId: subject.runId, addMicros, addSeconds })];
  }
  return [];
}

type Allows = Extract<Granted, { kind: 'scope' }>;

async function openScope(
  tx: OrgTx,
  { orgId, now, approvalId, subject }: Giving,
  { paths, hosts, commands, tools }: Allows,
): Promise<OrgEvent> {
  const { runId } = subject as Extract<ApprovalSubject, { kind: 'scope' }>;
  const grantId = newId('grant');
  const until = new Date(now.getTime() + grantTtlMs);
  const allows = { paths, hosts, commands, ...(tools && { tools }) };
  await tx.grant.create({ data: { orgId, id: grantId, runId, approvalId, allows, until } });
  return { kind: 'grant.given', payload: { grantId, approvalId, runId, allows, until: until.toISOString() } };
}
