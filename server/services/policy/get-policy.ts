import type { OrgDb } from '../../db/connect.ts';
import { approvalSubject } from '../../domain/approval/subject.ts';
import { AppError } from '../../domain/errors.ts';
import { approvalInWords } from '../../domain/policy/approval-rule.ts';
import { policyDocument } from '../../domain/policy/document.ts';
import { writePolicy } from '../../domain/policy/policy-yaml.ts';
import type { PolicyView } from '../../domain/views/policy-views.ts';
import { namesOf } from '../views/people.ts';
import type { ViewQuery } from '../views/view-query.ts';
import { listPolicyVersions } from './list-policy-versions.ts';
import { orgPolicy } from './org-policy.ts';

/** The org's policy and its last versions. Throws `not_found` where the org has taken no starters yet. */
export async function getPolicy(query: ViewQuery): Promise<PolicyView> {
  const { db, system, orgId } = query;
  const versions = await listPolicyVersions(query, { layer: 'org', target: orgId });
  const [newest] = versions;
  if (!newest) throw new AppError('not_found', 'This org has no policy yet: take the starter roles first.');
  const inForce = await orgPolicy(db, orgId);
  const waiting = await readDrafts(db, orgId);
  const nameOf = await namesOf(
    { system, db },
    waiting.map(({ subject }) => subject.authorId),
  );
  const drafts = waiting.map(({ id: approvalId, createdAt, subject: { basedOn, note, authorId, body } }) => {
    const yaml = writePolicy(policyDocument.parse(body));
    return { approvalId, basedOn, note, yaml, author: nameOf(authorId), createdAt: createdAt.toISOString() };
  });
  const { version, yaml } = newest;
  return {
    version,
    yaml,
    approval: approvalInWords(inForce),
    isApproved: inForce.approval !== undefined,
    drafts,
    versions,
  };
}

/** What waits to become the org's policy. */
async function readDrafts(db: OrgDb, orgId: string) {
  const rows = await db.approval.findMany({
    where: { orgId, kind: 'definition', status: 'pending' },
    orderBy: { createdAt: 'asc' },
  });
  return rows.flatMap(({ id, createdAt, subject: stored }) => {
    const subject = approvalSubject.parse(stored);
    const isMeant = subject.kind === 'definition' && subject.what.of === 'policy' && subject.what.layer === 'org';
    return isMeant ? [{ id, createdAt, subject }] : [];
  });
}
