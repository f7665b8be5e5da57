import { AppError } from '../../domain/errors.ts';
import type { CodeHost, MergeOutcome } from '../../domain/ports/code-host.ts';
import type { Git } from './git-command.ts';
import { commitName, tryOnMirror, type Mirrors } from './mirrors.ts';
import { plainWords } from './remote-error.ts';
import { writeCommit } from './write-commit.ts';

type MergeRequest = Parameters<CodeHost['merge']>[0];

/** Merges in the object store alone. Always a commit with two parents, also where the target could simply move up. */
export async function mergeCommits(git: Git, mirrors: Mirrors, request: MergeRequest): Promise<MergeOutcome> {
  const mirror = await mirrors.get(request.mirror);
  const parents = [commitName(request.target), commitName(request.head)];
  const merged = await tryOnMirror(git, mirror, {
    args: ['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', ...parents],
    writable: true,
  });
  const [tree = '', ...paths] = merged.stdout.toString('utf8').split('\0');
  if (merged.code === 1) return { kind: 'conflict', paths: [...new Set(paths.filter(Boolean))].sort() };
  if (merged.code !== 0) {
    throw new AppError('conflict', `These commits cannot be merged: ${plainWords(merged.stderr)}`);
  }
  return { kind: 'merged', commit: await writeCommit(git, mirror, { ...request, tree, parents }) };
}
