import { join } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { CodeHost, TypedRemote } from '../../domain/ports/code-host.ts';
import { gitRunner } from './git-command.ts';
import { readingHistory } from './history.ts';
import { inspectRemote } from './inspect-remote.ts';
import { mergeCommits } from './merge.ts';
import { branchRef, commitName, mirrorsUnder, tryOnMirror } from './mirrors.ts';
import { fetchFrom, ownUploadPack, type Outside } from './outside.ts';
import { pushing } from './push.ts';
import { parseRemote, pinPublic } from './remote.ts';
import { snapshotsIn } from './snapshots.ts';
import { surveyTree } from './survey.ts';
import type { GitWeakness } from './weakness.ts';
import { workTrees } from './work-tree.ts';

type Options = {
  /** Mirrors live in `mirrors/` below it. */
  dataDir: string;
  /** The operator's right: paths on this machine, addresses in private networks, his SSH keys. `if-trusted`: as asked. */
  allowLocal: boolean | 'if-trusted';
  clock: Clock;
  /** How long a remote may take to list its branches. */
  askTimeoutMs?: number;
  /** What one fetch may bring, packed. */
  maxPackBytes?: number;
};

const fetchTimeoutMs = 600_000;
const mostPackBytes = 2 * 2 ** 30;

/** Plain git (2.39 or later) against any remote that git can reach without a password. `weakness` is for experiments. */
export function gitCodeHost(options: Options, weakness: GitWeakness = {}): CodeHost {
  const { dataDir, allowLocal, clock, askTimeoutMs = 30_000, maxPackBytes = mostPackBytes } = options;
  const git = gitRunner({ sshKeys: false }, weakness);
  const mirrors = mirrorsUnder(join(dataDir, 'mirrors'), { git, clock }, weakness);
  const wide: Outside = {
    ...{ git: gitRunner({ sshKeys: true }, weakness), mirrors, redirects: true, askTimeoutMs, maxPackBytes },
    understand: async (typed) => parseRemote(typed, true),
  };
  const narrow: Outside = {
    ...{ git, mirrors, redirects: false, askTimeoutMs, maxPackBytes },
    understand: async (typed) => pinPublic(parseRemote(typed, false)),
  };
  const outsideFor = ({ trusted = false }: TypedRemote) =>
    (allowLocal === 'if-trusted' ? trusted : allowLocal) ? wide : narrow;
  return {
    async inspect(of) {
      const outside = outsideFor(of);
      return inspectRemote(await outside.understand(of.remote), outside);
    },
    async sync({ mirror: id, defaultBranch, ...of }) {
      const outside = outsideFor(of);
      const remote = await outside.understand(of.remote);
      const ref = branchRef(defaultBranch).replace('refs/heads/', 'refs/remotes/origin/');
      return mirrors.locked(id, async () => {
        const mirror = await mirrors.ensure(id);
        const args = [
          'fetch',
          '--quiet',
          '--prune',
          '--no-tags',
          '--no-write-fetch-head',
          ownUploadPack,
          '--',
          remote.address,
          allBranches,
        ];
        await fetchFrom(outside, remote, { mirror, args, timeoutMs: fetchTimeoutMs });
        const head = await tryOnMirror(git, mirror, { args: ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`] });
        if (head.code === 0) return head.stdout.toString('latin1').trim();
        throw new AppError(
          'repo_empty',
          `${remote.shown} has no branch ${defaultBranch}. Push it, or connect the repository again.`,
        );
      });
    },
    mirrors: () => mirrors.list(),
    dropMirror: ({ mirror: id }) => mirrors.locked(id, () => mirrors.remove(id)),
    survey: async ({ mirror, commit }) => surveyTree(git, await mirrors.get(mirror), commitName(commit)),
    ...workTrees(git, mirrors),
    ...snapshotsIn(git, mirrors),
    ...readingHistory(git, mirrors),
    merge: (request) => mergeCommits(git, mirrors, request),
    ...pushing(outsideFor),
  };
}

/** Into a name space of their own: what the remote does never moves a branch of Fleet's. */
const allBranches = '+refs/heads/*:refs/remotes/origin/*';
