import { readSetup } from '../../domain/setup/repo-setup.ts';
import type { RepoView } from '../../domain/views/repo-views.ts';

type RepoRow = Omit<RepoView, 'createdAt' | 'setup'> & { setup: unknown; createdAt: Date };

/** A repo's row as pages get it. */
export function repoView(row: RepoRow): RepoView {
  const { id, name, source, remote, defaultBranch, testCommand, files } = row;
  const setup = readSetup(row.setup);
  return { id, name, source, remote, defaultBranch, testCommand, setup, files, createdAt: row.createdAt.toISOString() };
}
