import type { OrgDb } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import type { EnvironmentCheckView, RepoView } from '../../domain/views/repo-views.ts';
import { repoView } from '../repos/repo-view.ts';
import { environmentView } from './environment-view.ts';

type Query = { db: OrgDb; orgId: string; now: Date };

/** A repo with the last check of its environment. Throws `not_found`. */
export async function getEnvironment(
  { db, orgId, now }: Query,
  { repoId }: { repoId: string },
): Promise<{ repo: RepoView; check: EnvironmentCheckView | null }> {
  const repo = await db.repo.findUnique({ where: { orgId_id: { orgId, id: repoId } } });
  if (!repo) throw new AppError('not_found', 'There is no such repo in this org.');
  const row = await db.environmentCheck.findFirst({ where: { orgId, repoId }, orderBy: { id: 'desc' } });
  return { repo: repoView(repo), check: row && environmentView(row, { repo, now }) };
}

/** The last check of each repo that was ever checked. */
export async function listEnvironments({ db, orgId, now }: Query): Promise<EnvironmentCheckView[]> {
  const rows = await db.environmentCheck.findMany({
    where: { orgId },
    orderBy: [{ repoId: 'asc' }, { id: 'desc' }],
    distinct: ['repoId'],
    include: { repo: true },
  });
  return rows.map((row) => environmentView(row, { repo: row.repo, now }));
}
