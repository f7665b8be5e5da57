import type { OrgDb } from '../../db/connect.ts';
import type { ListedRepo } from '../../domain/views/repo-views.ts';
import { repoView } from './repo-view.ts';

/** The org's repos by name. */
export async function listRepos({ db, orgId }: { db: OrgDb; orgId: string }): Promise<ListedRepo[]> {
  const rows = await db.repo.findMany({ where: { orgId }, orderBy: { name: 'asc' } });
  const said = await db.repoClasses.findMany({ where: { orgId }, distinct: ['repoId'], select: { repoId: true } });
  const confirmed = new Set(said.map(({ repoId }) => repoId));
  return rows.map((row) => ({ ...repoView(row), confirmed: confirmed.has(row.id) }));
}
