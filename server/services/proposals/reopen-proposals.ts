import type { OrgTx } from '../../db/connect.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';

type Reopening = { orgId: string; approvalIds: readonly string[] };

/**
 * Proposes again what was put before others by approvals that were closed without anybody deciding; returns what is to be
 * told. Inside a transaction that holds the lock of the org's stream.
 */
export async function reopenProposals(tx: OrgTx, { orgId, approvalIds }: Reopening): Promise<OrgEvent[]> {
  if (approvalIds.length === 0) return [];
  const waiting = { orgId, status: 'accepted' as const, isCurrent: true, approvalId: { in: [...approvalIds] } };
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
