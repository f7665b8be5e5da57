import { policyDocument } from '../../domain/policy/document.ts';
import { writePolicy } from '../../domain/policy/policy-yaml.ts';
import type { PolicyView } from '../../domain/views/policy-views.ts';
import { namesOf } from '../views/people.ts';
import type { ViewQuery } from '../views/view-query.ts';

const mostVersions = 50;

/** The last versions of a layer's policy with who saved each and why, the newest first. */
export async function listPolicyVersions(
  { db, system, orgId }: ViewQuery,
  of: { layer: 'org' | 'repo'; target: string },
): Promise<PolicyView['versions']> {
  const rows = await db.policyVersion.findMany({
    where: { orgId, ...of },
    orderBy: { version: 'desc' },
    take: mostVersions,
  });
  const nameOf = await namesOf(
    { system, db },
    rows.flatMap(({ authorId }) => authorId ?? []),
  );
  return rows.map(({ version, body, note, authorId, createdAt }) => ({
    version,
    yaml: writePolicy(policyDocument.parse(body)),
    note,
    author: authorId === null ? null : nameOf(authorId),
    createdAt: createdAt.toISOString(),
  }));
}
