import type { OrgDb } from '../../db/connect.ts';
import { grantAllows, type Grant } from '../../domain/policy/grant.ts';

/** What people have opened for a run and what still holds at `now`. */
export async function readGrants(
  db: OrgDb,
  { orgId, runId, now }: { orgId: string; runId: string; now: Date },
): Promise<Grant[]> {
  const rows = await db.grant.findMany({ where: { orgId, runId, until: { gt: now } }, orderBy: { id: 'asc' } });
  return rows.map(({ approvalId, allows }) => ({ approvalId, allows: grantAllows.parse(allows) }));
}
