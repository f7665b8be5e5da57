import { newId } from '../../../db/new-id.ts';
import { subjectDigest } from '../../../domain/approval/digest.ts';
import type { ApprovalSubject } from '../../../domain/approval/subject.ts';
import type { OrgRole } from '../../../domain/authz/scopes.ts';
import type { Database } from '../../../db/connect.ts';
import type { TestOrg } from '../../../testing/factories.ts';
import type { ViewQuery } from '../view-query.ts';

/** When the tests' pages are looked at. */
export const now = new Date('2026-11-20T12:00:00Z');
export const before = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
export const hex = (digit: string) => digit.repeat(40);

/** What a page asks with: as the org's owner unless told otherwise. */
export function queryOf(
  { system }: Database,
  org: TestOrg,
  as: { userId: string; role: OrgRole } = { userId: org.owner.userId, role: 'owner' },
): ViewQuery {
  return { db: org.db, system, orgId: org.orgId, viewer: as, now };
}

/** A pending approval that expires in an hour. */
export async function makeApproval(
  org: TestOrg,
  of: { pipelineRunId: string; stageAttemptId: string },
  subject: ApprovalSubject,
) {
  const id = newId('approval');
  await org.db.approval.create({
    data: {
      orgId: org.orgId,
      id,
      ...of,
      kind: subject.kind,
      subject,
      digest: subjectDigest(subject),
      status: 'pending',
      createdAt: before(5),
      expiresAt: new Date(now.getTime() + 3_600_000),
    },
  });
  return id;
}

export const mergeOf = (changeId: string, head: string): ApprovalSubject => ({
  kind: 'merge',
  changeId,
  repo: 'sample-api',
  target: 'main',
  base: hex('a'),
  head,
  patchId: hex('c'),
  policyVersionId: 'pov_1',
  files: 4,
  added: 41,
  removed: 4,
  summary: 'User list gets pages',
});
