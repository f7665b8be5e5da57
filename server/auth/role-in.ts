import type { OrgDb } from '../db/connect.ts';
import type { OrgRole } from '../domain/authz/scopes.ts';

/** The person's role in the org as it stands now; null for no member. Never cached, never put into a token. */
export async function roleIn(db: OrgDb, orgId: string, userId: string): Promise<OrgRole | null> {
  const member = await db.member.findUnique({ where: { orgId_userId: { orgId, userId } }, select: { role: true } });
  return member?.role ?? null;
}
