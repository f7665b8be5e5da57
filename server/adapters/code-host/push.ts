import { AppError } from '../../domain/errors.ts';
import type { CodeHost, DeleteOutcome, PushOutcome, TypedRemote } from '../../domain/ports/code-host.ts';
import { branchRef, commitName, tryOnMirror } from './mirrors.ts';
import { listRemote, onRemote, ownReceivePack, type Outside } from './outside.ts';
import { remoteError } from './remote-error.ts';
import type { Remote } from './remote.ts';

const pushTimeoutMs = 180_000;

export function pushing(
  outsideFor: (of: TypedRemote) => Outside,
): Pick<CodeHost, 'remoteHead' | 'push' | 'deleteBranch'> {
  return {
    async remoteHead(request) {
      const outside = outsideFor(request);
      return standing(outside, await outside.understand(request.remote), request.branch);
    },
    push: (request) => pushCommit(outsideFor(request), request),
    deleteBranch: (request) => deleteBranch(outsideFor(request), request),
  };
}

async function standing(outside: Outside, remote: Remote, branch: string): Promise<string | null> {
  const { branches } = await listRemote(outside, remote, [branchRef(branch)]);
  return branches.get(branch) ?? null;
}

async function pushCommit(outside: Outside, request: Parameters<CodeHost['push']>[0]): Promise<PushOutcome> {
  const { git, mirrors } = outside;
  const { branch } = request;
  const remote = await outside.understand(request.remote);
  const mirror = await mirrors.get(request.mirror);
  const commit = commitName(request.commit);
  const expected = request.expected === null ? null : commitName(request.expected);
  const actual = await standing(outside, remote, branch);
  // A push that was cut off before its answer came is done, not lost.
  if (actual === commit) return { kind: 'pushed' };
  if (actual !== expected) return { kind: 'moved', actual };
  if (expected !== null) {
    const builds = await tryOnMirror(git, mirror, { args: ['merge-base', '--is-ancestor', expected, commit] });
    if (builds.code !== 0) return { kind: 'refused', reason: `The commit does not build on what ${branch} holds.` };
  }
  // The lease makes it atomic; after the check above it can only ever go forward.
  const ref = branchRef(branch);
  const lease = `--force-with-lease=${ref}:${expected ?? ''}`;
  const args = ['push', '--porcelain', '--no-verify', ownReceivePack, lease, '--', remote.address, `${commit}:${ref}`];
  const result = await onRemote(outside, remote, { mirror, args, timeoutMs: pushTimeoutMs });
  const outcome = readPush(result.stdout.toString('utf8'), result.stderr);
  if (outcome === null) throw remoteError(remote, result.stderr);
  if (outcome !== 'moved') return outcome;
  const now = await standing(outside, remote, branch);
  return now === commit ? { kind: 'pushed' } : { kind: 'moved', actual: now };
}

const lostRace =
  /stale info|fetch first|non-fast-forward|incorrect old value|failed to update ref|cannot lock ref|already exists/iu;

/** The porcelain line of the one ref; null when there is none, because the push never got that far. */
function readPush(stdout: string, stderr: string): PushOutcome | 'moved' | null {
  const [, flag, summary = ''] = /^([ +*=!-])\t[^\t]*\t(.*)$/mu.exec(stdout) ?? [];
  if (flag === undefined) return null;
  if (flag !== '!') return { kind: 'pushed' };
  if (lostRace.test(summary)) return 'moved';
  const why = summary.replace(/^\[[^\]]*\] ?/u, '').replace(/^\((.*)\)$/u, '$1');
  const words = [...stderr.matchAll(/^remote: (.*)$/gmu)].map(([, line]) => line!.trim());
  return { kind: 'refused', reason: [why, ...words].filter(Boolean).join(': ').slice(0, 2000) };
}

async function deleteBranch(
  outside: Outside,
  request: Parameters<CodeHost['deleteBranch']>[0],
): Promise<DeleteOutcome> {
  const { branch } = request;
  if (!branch.startsWith('fleet/')) {
    throw new AppError('forbidden', 'Fleet deletes no branch but its own, which begin with fleet/.');
  }
  const remote = await outside.understand(request.remote);
  const mirror = await outside.mirrors.get(request.mirror);
  const expected = commitName(request.expected);
  const before = await standing(outside, remote, branch);
  if (before === null) return { kind: 'deleted' };
  if (before !== expected) return { kind: 'moved', actual: before };
  const ref = branchRef(branch);
  const lease = `--force-with-lease=${ref}:${expected}`;
  const args = ['push', '--porcelain', '--no-verify', ownReceivePack, lease, '--', remote.address, `:${ref}`];
  const result = await onRemote(outside, remote, { mirror, args, timeoutMs: pushTimeoutMs });
  if (result.code === 0) return { kind: 'deleted' };
  // Somebody pushed, or deleted it, between the look and the push.
  const actual = await standing(outside, remote, branch);
  if (actual === null) return { kind: 'deleted' };
  if (actual !== expected) return { kind: 'moved', actual };
  throw remoteError(remote, result.stderr);
}
