import type { OrgDb, OrgTx } from '../../db/connect.ts';
import { policyDocument, type PolicyDocument } from '../../domain/policy/document.ts';

/** The org's policy in force; one that says nothing where it has none yet. */
export async function orgPolicy(db: OrgDb | OrgTx, orgId: string): Promise<PolicyDocument> {
  const newest = await db.policyVersion.findFirst({
    where: { orgId, layer: 'org', target: orgId },
    orderBy: { version: 'desc' },
  });
  return policyDocument.parse(newest?.body ?? {});
}
