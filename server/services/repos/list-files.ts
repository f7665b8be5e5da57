import { AppError } from '../../domain/errors.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import { remoteOf } from './remote-of.ts';

/** So that a repository of any size is answered at once; what is beyond is said. */
const mostFiles = 20_000;

type Repo = Parameters<typeof remoteOf>[0] & { id: string; defaultBranch: string };

/** Files of the default branch as the remote has it now. A remote that does not answer leaves the rest as it is. */
export async function listFiles(codeHost: Pick<CodeHost, 'sync' | 'listFiles'>, repo: Repo) {
  try {
    const commit = await codeHost.sync({ mirror: repo.id, ...remoteOf(repo), defaultBranch: repo.defaultBranch });
    const all = await codeHost.listFiles({ mirror: repo.id, commit });
    const paths = all.slice(0, mostFiles).map((path) => Buffer.from(path, 'latin1').toString('utf8'));
    return { commit, fileProblem: null, paths, total: all.length };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { commit: null, fileProblem: error.message, paths: [], total: 0 };
  }
}
