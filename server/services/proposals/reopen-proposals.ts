import type { OrgTx } from '../../db/connect.ts';
import type { Prisma } from '../../db/generated/client.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import { policyFile } from '../../domain/proposals/fleet-files.ts';

type Reopening = { orgId: string; approvalIds: readonly string[] };

/**
 * Proposes again what was put before others by approvals that were closed without anybody deciding; returns what is to be
 * told. Inside a transaction that holds the lock of the org's stream.
 */
export async function reopenProposals(tx: OrgTx, { orgId, approvalIds }: Reopening): Promise<OrgEvent[]> {
  return approvalIds.length === 0 ? [] : reopen(tx, { orgId, approvalId: { in: [...approvalIds] } });
}

/** The same for a repo's rules, once an earlier version of them is in force again: the file says something else than holds. */
export async function reopenRulesOf(
  tx: OrgTx,
  { orgId, repoId }: { orgId: string; repoId: string },
): Promise<OrgEvent[]> {
  return reopen(tx, { orgId, repoId, path: policyFile });
}

type Which = Prisma.RepoProposalWhereInput & { orgId: string };

async function reopen(tx: OrgTx, which: Which): Promise<OrgEvent[]> {
  const waiting = { ...which, status: 'accepted' as const, isCurrent: true };
  const rows = await tx.repoProposal.findMany({ where: waiting });
  const events: OrgEvent[] = [];
  for (const { id, repoId, path, commit, digest } of rows) {
    const reopened = await tx.repoProposal.updateMany({
      where: { ...waiting, id },
      data: { status: 'open', approvalId: null, reason: '', decidedBy: null, decidedAt: null },
    });
    if (reopened.count === 0) continue;
    events.push({ kind: 'proposal.found', payload: { proposalId: id, repoId, path, commit, digest } });
  }
  return events;
}
