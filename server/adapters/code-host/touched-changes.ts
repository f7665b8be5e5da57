import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { isUtf8 } from 'node:buffer';
import type { ChangedPath } from '../../domain/ports/code-host.ts';
import { placeOf } from '../sandbox/place.ts';
import { fromBytes, toBytes, type BytePath } from '../workspaces/bytes-path.ts';
import { lookBelow, reach, readFileBelow } from '../workspaces/reach.ts';
import type { Git } from './git-command.ts';
import { onMirror, tryOnMirror, type Mirror } from './mirrors.ts';
import { entersGit } from '../../domain/scope/work-path.ts';

/** `size` in bytes, null for what is no file. */
type CommitEntry = { mode: string; object: string; size: number | null };

/** The files of one commit by path. */
type CommitFiles = Map<BytePath, CommitEntry>;

const kept = new Map<string, Promise<CommitFiles>>();
const keptCommits = 8;

/** Commits never change, so the last few are remembered. */
export function filesOfCommit(git: Git, mirror: Mirror, commit: string): Promise<CommitFiles> {
  const key = `${mirror.dir} ${commit}`;
  const known = kept.get(key) ?? listCommit(git, mirror, commit);
  kept.delete(key);
  kept.set(key, known);
  known.catch(() => kept.delete(key));
  if (kept.size > keptCommits) kept.delete(kept.keys().next().value!);
  return known;
}

async function listCommit(git: Git, mirror: Mirror, commit: string): Promise<CommitFiles> {
  const listed = await onMirror(git, mirror, {
    args: ['ls-tree', '-r', '-l', '-z', '--full-tree', commit],
    maxBytes: 2 ** 29,
  });
  const files: CommitFiles = new Map();
  for (const line of listed.stdout.toString('latin1').split('\0')) {
    const [, mode, object, size, path] = /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t(.*)$/su.exec(line) ?? [];
    if (path !== undefined) files.set(path, { mode: mode!, object: object!, size: size === '-' ? null : Number(size) });
  }
  return files;
}

export type Change = { path: BytePath; status: ChangedPath['status']; info: Stats | null };

type Looking = { git: Git; mirror: Mirror; tree: string; commit: string };

/**
 * Which of the touched paths really differ from the commit; new ones only if the repository does not ignore them. Reads
 * the tree itself: no process of git runs but the one that knows the rules of `.gitignore`.
 */
export async function changesAmong(at: Looking, touched: Iterable<BytePath>): Promise<Change[]> {
  const files = await filesOfCommit(at.git, at.mirror, at.commit);
  const root = toBytes(at.tree);
  const tracked: Change[] = [];
  const fresh: Change[] = [];
  for (const path of [...touched].sort()) {
    if (entersGit(fromBytes(path).toString('utf8')) || isBelowModule(files, path)) continue;
    const found = await lookBelow(root, path);
    const info = found && (found.isFile() || found.isSymbolicLink()) ? found : null;
    const entry = files.get(path);
    if (entry === undefined) {
      if (info) fresh.push({ path, status: 'added', info });
    } else if (info === null) tracked.push({ path, status: 'deleted', info });
    else if (!(await isSame({ root, path, info }, entry))) tracked.push({ path, status: 'modified', info });
  }
  const ignored = await ignoredAmong(at, fresh);
  return [...tracked, ...fresh.filter(({ path }) => !ignored.has(path))];
}

const submodule = '160000';

/** A submodule is a commit's name without files: whatever lies in its folder is no part of this repository. */
function isBelowModule(files: CommitFiles, path: BytePath): boolean {
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
    if (files.get(path.slice(0, end))?.mode === submodule) return true;
  }
  return files.get(path)?.mode === submodule;
}

type Found = { root: BytePath; path: BytePath; info: Stats };

async function isSame(found: Found, { mode, object, size }: CommitEntry): Promise<boolean> {
  const { info } = found;
  const kind = info.isSymbolicLink() ? '120000' : (info.mode & 0o100) !== 0 ? '100755' : '100644';
  // A file that is longer or shorter need not be read, and could be made as long as it likes.
  if (kind !== mode || info.size !== size) return false;
  return (await blobName(found, object.length === 64 ? 'sha256' : 'sha1')) === object;
}

/** The name git gives to the content; null for what cannot be read, or is not what was found any more. */
async function blobName({ root, path, info }: Found, algorithm: string): Promise<string | null> {
  const hash = createHash(algorithm);
  try {
    if (info.isSymbolicLink()) {
      const target = await reach(root, path, (place) => readlink(place, { encoding: 'buffer' }));
      return target && hash.update(`blob ${target.length}\0`).update(target).digest('hex');
    }
    return await readFileBelow(root, path, async (file, { size }) => {
      hash.update(`blob ${size}\0`);
      // To the size that was found: a file may grow for ever while it is read.
      const content = size === 0 ? [] : file.createReadStream({ autoClose: false, end: size - 1 });
      for await (const chunk of content) hash.update(chunk as Buffer);
      return hash.digest('hex');
    });
  } catch {
    return null;
  }
}

async function ignoredAmong({ git, mirror, tree }: Looking, fresh: Change[]): Promise<Set<BytePath>> {
  if (fresh.length === 0) return new Set();
  const asked = await tryOnMirror(git, mirror, {
    args: ['check-ignore', '-z', '--stdin', '--no-index'],
    env: { GIT_WORK_TREE: placeOf(tree).path, GIT_LITERAL_PATHSPECS: '0' },
    folders: [{ path: tree, writable: false }],
    // This command knows no literal pathspecs; with `./` before it no name is taken for one with magic.
    input: fromBytes(fresh.map(({ path }) => `./${path}\0`).join('')),
  });
  // 1: none of them is ignored.
  if (asked.code !== 0 && asked.code !== 1) throw new Error(`check-ignore: ${asked.stderr}`);
  const named = asked.stdout.toString('latin1').split('\0');
  return new Set(named.map((path) => path.slice(2)));
}

/** A change as people and policies get it: names that are not UTF-8 are shown, and said to be unnameable. */
export function changedPathOf({ path, status, info }: Change): ChangedPath {
  const bytes = fromBytes(path);
  const named = isUtf8(bytes) ? { path: bytes.toString('utf8') } : { path: showBytes(path), unnameable: true as const };
  return {
    status,
    executable: info !== null && info.isFile() && (info.mode & 0o100) !== 0,
    symlink: info?.isSymbolicLink() ?? false,
    ...named,
  };
}

/** Odd bytes as `\xNN`. */
export function showBytes(path: BytePath): string {
  return path.replace(/[^ -~]/gu, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
