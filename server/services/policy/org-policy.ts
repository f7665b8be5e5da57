import type { OrgDb, OrgTx } from '../../db/connect.ts';
import { readRepoClasses } from '../../db/repo-classes.ts';
import { policyDocument, type PolicyDocument } from '../../domain/policy/document.ts';

/** The org's policy in force, with its number; one that says nothing, and 0, where it has none yet. */
export async function numberedOrgPolicy(
  db: OrgDb | OrgTx,
  orgId: string,
): Promise<{ version: number; policy: PolicyDocument }> {
  const newest = await db.policyVersion.findFirst({
    where: { orgId, layer: 'org', target: orgId },
    orderBy: { version: 'desc' },
  });
  return { version: newest?.version ?? 0, policy: policyDocument.parse(newest?.body ?? {}) };
}

export async function orgPolicy(db: OrgDb | OrgTx, orgId: string): Promise<PolicyDocument> {
  return (await numberedOrgPolicy(db, orgId)).policy;
}

type Of = { orgId: string; repoId: string; org: PolicyDocument };

/** What the cases of a repo's policy are tried under: the org's, and what people have added to classes for that repo. */
export async function underOf(db: OrgDb | OrgTx, { orgId, repoId, org }: Of) {
  const own = await readRepoClasses(db, { orgId, repoId });
  return { org, classes: own?.classes ?? null };
}
