import type { OrgDb } from '../../db/connect.ts';
import type { RepoView } from '../../domain/views/repo-views.ts';
import { repoView } from './repo-view.ts';

/** The org's repos by name. */
export async function listRepos({ db, orgId }: { db: OrgDb; orgId: string }): Promise<RepoView[]> {
  const rows = await db.repo.findMany({ where: { orgId }, orderBy: { name: 'asc' } });
  return rows.map(repoView);
}
