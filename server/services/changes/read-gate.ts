import type { OrgDb } from '../../db/connect.ts';
import { approvalSubject } from '../../domain/approval/subject.ts';
import type { CheckFile } from '../checks/read-check-file.ts';
import type { HostContext } from '../pipeline/work-context.ts';

/** What lets a change through: all of it about one head. */
export type Gate = { head: string; approvedBy: string[]; selfApproved: boolean };

/**
 * Reads the gate from the server's own rows: an approval of exactly this head and patch, a passed check and an approving
 * review of it, and no later request for changes. Otherwise says what is stale.
 */
export async function readGate(
  { database, orgId }: Pick<HostContext, 'database' | 'orgId'>,
  { change, attempt }: CheckFile,
): Promise<Gate | { stale: string }> {
  const db = database.org(orgId);
  const { head, patchId } = await db.change.findUniqueOrThrow({ where: { orgId_id: { orgId, id: change.id } } });
  const approval = await db.approval.findFirst({
    where: { orgId, pipelineRunId: attempt.pipelineRunId, kind: 'merge' },
    orderBy: { id: 'desc' },
    include: { votes: true },
  });
  const subject = approval?.status === 'approved' ? approvalSubject.parse(approval.subject) : null;
  if (!head || !approval || subject?.kind !== 'merge') return { stale: 'Nobody has approved this merge.' };
  if (subject.head !== head || subject.patchId !== patchId) {
    return { stale: 'The change has moved since its merge was approved.' };
  }
  const stale = await whyNotProven(db, { orgId, changeId: change.id, head });
  if (stale) return { stale };
  const approvedBy = approval.votes.filter(({ verdict }) => verdict === 'approved').map(({ userId }) => userId);
  return { head, approvedBy, selfApproved: approval.selfApproved };
}

type Proof = { orgId: string; changeId: string; head: string };

/** A passed check and an approving review of this very head, neither overtaken by a later one. */
async function whyNotProven(db: OrgDb, { orgId, changeId, head }: Proof): Promise<string | null> {
  const check = await db.checkResult.findFirst({
    where: { orgId, changeId, commit: head },
    orderBy: { id: 'desc' },
  });
  if (check?.verdict !== 'passed') return 'The checks have not passed on this commit.';
  const review = await db.review.findFirst({ where: { orgId, changeId }, orderBy: { id: 'desc' } });
  if (review?.verdict === 'approve' && review.commit === head) return null;
  return 'No reviewer has approved this commit, or changes were requested later.';
}
