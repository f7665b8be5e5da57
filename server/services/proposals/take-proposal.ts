import type { Database, OrgTx } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import type { Actor } from '../../domain/events/actor.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';

export type ProposalDeps = { database: Database; orgId: string; actor: Actor; now: Date };
/** `digest`: of the text that the person saw. */
export type Deciding = { proposalId: string; digest: string };

type Taking = Deciding & { status: 'accepted' | 'dismissed'; reason: string };

/** Decides on an open proposal by compare-and-set. Throws `not_found`, and `conflict` where it is not open as it was seen. */
export async function takeProposal(tx: OrgTx, { orgId, actor, now }: Omit<ProposalDeps, 'database'>, taking: Taking) {
  const { proposalId: id, digest, status, reason } = taking;
  if (actor.type !== 'user') throw new AppError('forbidden', 'Only a person can decide on what a repo proposes.');
  await lockOrgStream(tx, orgId);
  const where = { orgId_id: { orgId, id } };
  const found = await tx.repoProposal.findUnique({ where, include: { repo: { select: { name: true } } } });
  if (!found) throw new AppError('not_found', 'There is no such proposal in this org.');
  const taken = await tx.repoProposal.updateMany({
    where: { orgId, id, digest, status: 'open', isCurrent: true },
    data: { status, reason, decidedBy: actor.userId, decidedAt: now },
  });
  if (taken.count > 0) return found;
  const why = found.isCurrent ? 'It was decided on already.' : 'The file says something else by now.';
  throw new AppError('conflict', `${why} Load the page again to see what is proposed.`);
}
