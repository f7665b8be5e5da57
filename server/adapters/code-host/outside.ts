import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import type { Git, GitCall, GitResult } from './git-command.ts';
import type { Mirror, Mirrors } from './mirrors.ts';
import { remoteError } from './remote-error.ts';
import type { Remote } from './remote.ts';

/** What it takes to talk to remotes; `understand` throws for an address that may not be used. */
export type Outside = {
  git: Git;
  mirrors: Mirrors;
  redirects: boolean;
  askTimeoutMs: number;
  /** Of what one fetch brings; a mirror grows by more only fetch by fetch. */
  maxPackBytes: number;
  understand(typed: string): Promise<Remote>;
};

/** What a path or an SSH host runs at the other end; a configuration could name something else. */
export const ownUploadPack = '--upload-pack=git-upload-pack';
export const ownReceivePack = '--receive-pack=git-receive-pack';

const protocols = { local: 'file', http: 'https:http', ssh: 'ssh', git: 'git' };

/** Runs git against a remote, from a mirror or, with `null`, from nowhere. */
export function onRemote(
  { git, redirects }: Outside,
  remote: Remote,
  call: GitCall & { mirror: Mirror | null },
): Promise<GitResult> {
  const { mirror, args, ...rest } = call;
  return git({
    ...rest,
    args: ['-c', `http.followRedirects=${redirects ? 'initial' : 'false'}`, ...pinned(remote), ...args],
    env: { ...(mirror && { GIT_DIR: mirror.dir }), GIT_ALLOW_PROTOCOL: protocols[remote.kind] },
    folders: mirror === null ? [] : [{ path: mirror.dir, writable: true }],
    // A path on this machine is a repository with hooks of its owner, who expects them to run as ever.
    reach: remote.kind === 'local' ? 'host' : 'network',
  });
}

/** Fetches into a mirror, no more than may be. Throws what `remoteError` says, `repo_not_allowed` for what is too large. */
export async function fetchFrom(
  outside: Outside,
  remote: Remote,
  call: { mirror: Mirror; args: string[]; timeoutMs: number },
): Promise<void> {
  const { maxPackBytes } = outside;
  const fetched = await onRemote(outside, remote, { ...call, maxFileBytes: maxPackBytes });
  if (fetched.code === 0) return;
  // git does not always say what ended the part of it that wrote.
  const written = await dropHalfPacks(call.mirror);
  const isTooLarge = written >= maxPackBytes || /died of signal 25|file too large/iu.test(fetched.stderr);
  if (!isTooLarge) throw remoteError(remote, fetched.stderr);
  throw new AppError(
    'repo_not_allowed',
    `${remote.shown} holds more than ${sizeInWords(maxPackBytes)} packed, the most that Fleet fetches at once. ` +
      'Move what is large out of its history (git lfs migrate import), or connect a copy with less of it.',
    { remote: remote.shown },
  );
}

function sizeInWords(bytes: number): string {
  return bytes >= 2 ** 30 ? `${Math.round(bytes / 2 ** 30)} GiB` : `${Math.round(bytes / 2 ** 10)} KiB`;
}

/** Removes what a fetch that was cut off had written, and says how long it had become; the mirror is this caller's alone. */
async function dropHalfPacks({ dir }: Mirror): Promise<number> {
  const packs = join(dir, 'objects', 'pack');
  const names = await readdir(packs).catch(() => []);
  let longest = 0;
  for (const name of names.filter((each) => each.startsWith('tmp_'))) {
    const path = join(packs, name);
    longest = Math.max(longest, (await stat(path)).size);
    await rm(path, { force: true });
  }
  return longest;
}

/** git goes to the address that was checked, whatever the name resolves to by now. */
function pinned({ pin }: Remote): string[] {
  return pin === undefined ? [] : ['-c', `http.curloptResolve=${pin}`];
}

export type RemoteBranches = { head: string | null; branches: Map<string, string> };

/** Branches of a remote with their commits, and where its HEAD points. Throws what `remoteError` says. */
export async function listRemote(outside: Outside, remote: Remote, only: string[]): Promise<RemoteBranches> {
  const args = ['ls-remote', '--symref', ownUploadPack, '--', remote.address, ...only];
  const result = await onRemote(outside, remote, { mirror: null, args, timeoutMs: outside.askTimeoutMs });
  if (result.code !== 0) throw remoteError(remote, result.stderr);
  const found: RemoteBranches = { head: null, branches: new Map() };
  for (const line of result.stdout.toString('utf8').split('\n')) {
    const [value = '', name = ''] = line.split('\t');
    if (name === 'HEAD' && value.startsWith('ref: refs/heads/')) found.head = value.slice('ref: refs/heads/'.length);
    else if (name.startsWith('refs/heads/')) found.branches.set(name.slice('refs/heads/'.length), value);
  }
  return found;
}
