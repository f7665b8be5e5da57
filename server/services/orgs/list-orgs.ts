import type { Database } from '../../db/connect.ts';
import type { OrgRole } from '../../domain/authz/scopes.ts';
import type { OwnOrgView } from '../../domain/views/views.ts';

/** The orgs a person is a member of, oldest first: what may be known of them before one is entered. */
export async function listOrgs(database: Database, { userId }: { userId: string }): Promise<OwnOrgView[]> {
  const orgs = await database.orgsOfUser(userId);
  return orgs.map(({ id, slug, name, role }) => ({ id, slug, name, role: role as OrgRole }));
}
