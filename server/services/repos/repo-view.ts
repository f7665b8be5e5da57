import type { RepoView } from '../../domain/views/views.ts';

type RepoRow = Omit<RepoView, 'createdAt'> & { createdAt: Date };

/** A repo's row as pages get it. */
export function repoView(row: RepoRow): RepoView {
  const { id, name, source, remote, defaultBranch, testCommand, files } = row;
  return { id, name, source, remote, defaultBranch, testCommand, files, createdAt: row.createdAt.toISOString() };
}
