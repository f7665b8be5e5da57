import { join } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import type { RepoInspection } from '../../domain/ports/code-host.ts';
import type { Git } from './git-command.ts';
import { branchRef } from './mirrors.ts';
import { fetchFrom, listRemote, ownUploadPack, type Outside, type RemoteBranches } from './outside.ts';
import type { Remote } from './remote.ts';
import { surveyTree } from './survey.ts';

const fetchTimeoutMs = 120_000;

/** Fetches the newest commit alone into a throw-away repository and looks at it. */
export async function inspectRemote(remote: Remote, outside: Outside): Promise<RepoInspection> {
  const { git, mirrors } = outside;
  const listed = await listRemote(outside, remote, ['HEAD', 'refs/heads/*']);
  const defaultBranch = pickDefault(listed);
  if (defaultBranch === null) {
    throw new AppError('repo_empty', `${remote.shown} has no commits yet. Push a first commit, then connect it.`);
  }
  if (remote.kind === 'local') await refuseCheckedOut(git, remote, defaultBranch);
  const head = listed.branches.get(defaultBranch)!;
  return mirrors.temporary(async (mirror) => {
    await fetchFrom(outside, remote, {
      mirror,
      args: [
        'fetch',
        '--quiet',
        '--depth=1',
        '--no-tags',
        '--no-write-fetch-head',
        ownUploadPack,
        '--',
        fetchAddress(remote),
        `${branchRef(defaultBranch)}:refs/heads/seen`,
      ],
      timeoutMs: fetchTimeoutMs,
    });
    return { defaultBranch, head, ...(await surveyTree(git, mirror, 'refs/heads/seen')) };
  });
}

/** A depth is only honoured over a transport, not for plain paths. */
function fetchAddress(remote: Remote): string {
  return remote.kind === 'local' ? `file://${encodeURI(remote.address)}` : remote.address;
}

function pickDefault({ head, branches }: RemoteBranches): string | null {
  for (const name of [head, 'main', 'master']) if (name !== null && branches.has(name)) return name;
  return branches.keys().next().value ?? null;
}

/** git refuses a push to the branch that somebody has checked out; better said now than after the work. */
async function refuseCheckedOut(git: Git, remote: Remote, branch: string): Promise<void> {
  const ask = (args: string[]) => git({ args: ['-C', remote.address, ...args], reach: 'host' });
  const bare = await ask(['rev-parse', '--is-bare-repository']);
  const current = await ask(['symbolic-ref', '--quiet', '--short', 'HEAD']);
  const allowed = await ask(['config', '--get', 'receive.denyCurrentBranch']);
  const text = (result: { stdout: Buffer }) => result.stdout.toString('utf8').trim();
  if (text(bare) !== 'false' || text(current) !== branch) return;
  if (['ignore', 'warn', 'updateInstead', 'false'].includes(text(allowed))) return;
  throw new AppError(
    'repo_not_allowed',
    `${remote.shown} is a work tree with ${branch} checked out, and git refuses pushes to a branch that is checked out. ` +
      `Connect a bare repository (git clone --bare ${remote.shown} ${join(remote.address, '..', 'project.git')}), ` +
      `or let pushes update the files: git -C ${remote.shown} config receive.denyCurrentBranch updateInstead`,
  );
}
