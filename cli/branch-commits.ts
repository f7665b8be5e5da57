import { execa } from 'execa';
import type { BranchCommit } from '../server/domain/audit/coverage.ts';
import { AppError } from '../server/domain/errors.ts';

type Asked = { repo: string; since: Date; branch: string | undefined };
export type BranchHistory = { branch: string; commits: BranchCommit[]; messages: string };

/**
 * The commits of a repository's default branch since then, the newest first, along first parents: what the branch was at any time. With
 * them all messages of the branch, in which heads of logs were left. Asks git alone.
 */
export async function branchHistory({ repo, since, branch: given }: Asked): Promise<BranchHistory> {
  const git = async (...args: string[]) => {
    const { stdout } = await execa('git', ['-C', repo, '--no-pager', '-c', 'core.fsmonitor=false', ...args]);
    return stdout;
  };
  try {
    const branch = given ?? (await defaultBranch(git));
    const format = '--format=%H%x00%cI%x00%s%x00';
    const lines = (await git('log', '--first-parent', format, '--end-of-options', branch, '--')).split('\n');
    const commits = lines.flatMap((line) => {
      const [commit = '', at = '', subject = ''] = line.split('\0');
      return commit !== '' && new Date(at) >= since ? [{ commit, at, subject }] : [];
    });
    return { branch, commits, messages: await git('log', '--format=%B', '--end-of-options', branch, '--') };
  } catch (error) {
    const why = (error as { stderr?: string }).stderr?.trim() ?? (error as Error).message;
    throw new AppError('invalid_input', `The commits of ${repo} cannot be read: ${why}`);
  }
}

/** What the remote calls its own, else what is checked out. */
async function defaultBranch(git: (...args: string[]) => Promise<string>): Promise<string> {
  return git('rev-parse', '--abbrev-ref', 'origin/HEAD').catch(() => git('rev-parse', '--abbrev-ref', 'HEAD'));
}
