import { appendOrgEvents } from '../../db/append-event.ts';
import { takeProposal, type Deciding, type ProposalDeps } from './take-proposal.ts';

/** Leaves what a repo's file proposes aside, with why, until the file says something else. */
export async function dismissProposal(
  { database, ...by }: ProposalDeps,
  { reason, ...deciding }: Deciding & { reason: string },
): Promise<void> {
  const { orgId, actor, now } = by;
  await database.transaction(orgId, async (tx) => {
    const row = await takeProposal(tx, by, { ...deciding, status: 'dismissed', reason });
    const { id: proposalId, repoId, path, commit, digest } = row;
    const payload = { proposalId, repoId, path, commit, digest, reason };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'proposal.dismissed', payload }] });
  });
}
