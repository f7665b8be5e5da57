import { AppError } from '../../domain/errors.ts';
import { sampleTask } from '../../domain/tasks/sample-task.ts';
import type { ViewQuery } from './view-query.ts';

export type TaskSuggestion = { title: string; body: string; acceptance: string[]; scope: string[] };

/** What the task form starts with: the sample's own task; for any other repo only a scope, to be narrowed by the person. */
export async function suggestTask(
  { db, orgId }: ViewQuery,
  { repoId }: { repoId: string },
): Promise<TaskSuggestion | null> {
  const repo = await db.repo.findUnique({ where: { orgId_id: { orgId, id: repoId } }, select: { source: true } });
  if (repo === null) throw new AppError('not_found', 'There is no such repo in this org.');
  return repo.source === 'sample' ? sampleTask : { title: '', body: '', acceptance: [], scope: ['**'] };
}
