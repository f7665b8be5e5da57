import type { Database } from '../db/connect.ts';
import type { OrgRole } from '../domain/authz/scopes.ts';
import { AppError } from '../domain/errors.ts';
import { roleIn } from './role-in.ts';

export type OrgRef = { id: string; slug: string; name: string };

/**
 * The org behind a slug, the person's role in it, and the identity provider whose sessions alone may enter, if any. Throws
 * `not_found` alike for no such org and for no member.
 */
export async function orgOfMember(
  database: Database,
  { slug, userId }: { slug: string; userId: string },
): Promise<{ org: OrgRef; role: OrgRole; requiredSso: string | null }> {
  const orgId = await database.orgBySlug(slug);
  const role = orgId === null ? null : await roleIn(database.org(orgId), orgId, userId);
  if (orgId === null || role === null) {
    throw new AppError('not_found', 'There is no such org, or you are not a member of it.');
  }
  const org = await database.org(orgId).org.findUniqueOrThrow({ where: { id: orgId } });
  return { org: { id: org.id, slug: org.slug, name: org.name }, role, requiredSso: org.requiredSso };
}
