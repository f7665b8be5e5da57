import { AppError } from '../../domain/errors.ts';
import { policyDocument } from '../../domain/policy/document.ts';
import { writePolicy } from '../../domain/policy/policy-yaml.ts';
import type { PolicyView } from '../../domain/views/policy-views.ts';
import type { ViewQuery } from '../views/view-query.ts';
import { namesOf } from '../views/people.ts';

const mostVersions = 50;

/** The org's policy and its last versions. Throws `not_found` where the org has taken no starters yet. */
export async function getPolicy({ db, system, orgId }: ViewQuery): Promise<PolicyView> {
  const rows = await db.policyVersion.findMany({
    where: { orgId, layer: 'org', target: orgId },
    orderBy: { version: 'desc' },
    take: mostVersions,
  });
  const nameOf = await namesOf(
    { system, db },
    rows.flatMap(({ authorId }) => authorId ?? []),
  );
  const versions = rows.map(({ version, body, note, authorId, createdAt }) => ({
    version,
    yaml: writePolicy(policyDocument.parse(body)),
    note,
    author: authorId === null ? null : nameOf(authorId),
    createdAt: createdAt.toISOString(),
  }));
  const [newest] = versions;
  if (!newest) throw new AppError('not_found', 'This org has no policy yet: take the starter roles first.');
  return { version: newest.version, yaml: newest.yaml, versions };
}
