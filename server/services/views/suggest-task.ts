import { AppError } from '../../domain/errors.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import { proposedScope } from '../../domain/tasks/proposed-scope.ts';
import { sampleTask } from '../../domain/tasks/sample-task.ts';
import type { ViewQuery } from './view-query.ts';

export type TaskSuggestion = { title: string; body: string; acceptance: string[]; scope: string[] };

/** What the task form starts with: the sample's own task; for any other repo a scope that fits its folders. */
export async function suggestTask(
  { db, orgId, codeHost }: ViewQuery & { codeHost: Pick<CodeHost, 'rootFolders'> },
  { repoId }: { repoId: string },
): Promise<TaskSuggestion> {
  const repo = await db.repo.findUnique({ where: { orgId_id: { orgId, id: repoId } } });
  if (repo === null) throw new AppError('not_found', 'There is no such repo in this org.');
  if (repo.source === 'sample') return sampleTask;
  const folders = await codeHost.rootFolders({ mirror: repo.id, branch: repo.defaultBranch });
  return { title: '', body: '', acceptance: [], scope: proposedScope(folders) };
}
