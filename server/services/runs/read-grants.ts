import type { OrgDb } from '../../db/connect.ts';
import { approvalSubject, decidesOn } from '../../domain/approval/subject.ts';
import { grantAllows, type Grant } from '../../domain/policy/grant.ts';

/** What people have opened for a run and what still holds at `now`. */
export async function readGrants(
  db: OrgDb,
  { orgId, runId, now }: { orgId: string; runId: string; now: Date },
): Promise<Grant[]> {
  const rows = await db.grant.findMany({ where: { orgId, runId, until: { gt: now } }, orderBy: { id: 'asc' } });
  const ids = rows.map(({ approvalId }) => approvalId);
  const approvals = await db.approval.findMany({ where: { orgId, id: { in: ids } } });
  const whoseAnswer = new Map(approvals.map(({ id, subject }) => [id, decidesOn(approvalSubject.parse(subject))?.who]));
  return rows.map(({ approvalId, allows }) => {
    const answeredBy = whoseAnswer.get(approvalId);
    return { approvalId, allows: grantAllows.parse(allows), ...(answeredBy && { answeredBy }) };
  });
}
