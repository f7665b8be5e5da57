import type { Database } from '../../db/connect.ts';
import type { OrgRole } from '../../domain/authz/scopes.ts';
import type { OrgView } from '../../domain/views/views.ts';
import { getModelStatus } from '../settings/get-model-status.ts';

type Deps = { database: Database; environmentModelKey: boolean };

/** The orgs a person is a member of, oldest first. */
export async function listOrgs(deps: Deps, { userId }: { userId: string }): Promise<OrgView[]> {
  const orgs = await deps.database.orgsOfUser(userId);
  return Promise.all(
    orgs.map(async ({ id, slug, name, role }) => {
      const db = deps.database.org(id);
      const model = await getModelStatus({ db, orgId: id, environmentModelKey: deps.environmentModelKey });
      return { id, slug, name, role: role as OrgRole, model };
    }),
  );
}
