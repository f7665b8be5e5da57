import { isUtf8 } from 'node:buffer';
import { createHash, randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import type { ChangedPath, CodeHost, CommitRequest } from '../../domain/ports/code-host.ts';
import { entersGit, isGitName, placeInWork } from '../../domain/scope/work-path.ts';
import { placeOf } from '../sandbox/place.ts';
import { readMade } from '../workspaces/base-file.ts';
import { fromBytes, toBytes, type BytePath } from '../workspaces/bytes-path.ts';
import { findGitNames } from '../workspaces/git-names.ts';
import { entriesBelow, lookBelow, permit, reach } from '../workspaces/reach.ts';
import { findTouched } from '../workspaces/touched.ts';
import type { Git, GitCall } from './git-command.ts';
import { parseRaw } from './history.ts';
import { commitName, onMirror, tryOnMirror, type Mirror, type Mirrors } from './mirrors.ts';
import { moveTree } from './move-tree.ts';
import { changedPathOf, changesAmong, filesOfCommit, showBytes } from './touched-changes.ts';
import { writeCommit } from './write-commit.ts';

type Writing = Pick<CodeHost, 'checkout' | 'listFiles' | 'moveTree' | 'changedPaths' | 'gitNames' | 'commit'>;

/**
 * All that touches a work tree, which its agent may have made hostile. git sees it read-only (but for `checkout`) behind
 * walls without network, with a private repository and index; nested repositories are never entered by git.
 */
export function workTrees(git: Git, mirrors: Mirrors): Writing {
  return {
    async checkout({ mirror, commit, into }) {
      const found = await mirrors.get(mirror);
      await mkdir(into, { recursive: true });
      if ((await readdir(into)).length > 0) throw new AppError('conflict', 'The folder for the checkout is not empty.');
      const index = indexFile(found, into, commitName(commit));
      const env = { GIT_WORK_TREE: placeOf(into).path, GIT_INDEX_FILE: index };
      const folders = [{ path: into, writable: true }];
      await onMirror(git, found, { args: ['read-tree', '-u', '--reset', commit], env, folders, writable: true });
    },
    moveTree: async ({ mirror, ...move }) => moveTree(git, await mirrors.get(mirror), move),
    async listFiles({ mirror, commit }) {
      return [...(await filesOfCommit(git, await mirrors.get(mirror), commitName(commit))).keys()];
    },
    gitNames: ({ tree }) => findGitNames(tree),
    async changedPaths({ mirror, tree, commit }) {
      const found = await mirrors.get(mirror);
      const touched = await findTouched(tree);
      if (touched) {
        const changes = await changesAmong({ git, mirror: found, tree, commit: commitName(commit) }, touched);
        return changes.map(changedPathOf);
      }
      const look = await openIndex({ git, mirror: found, tree, commit: commitName(commit) });
      const tracked = await look(['diff-files', '--raw', '-z', '--no-renames', '--ignore-submodules=all']);
      const untracked = await withoutMade(tree, await look(['ls-files', '--others', '--exclude-standard', '-z']));
      const old = namesIn(tracked);
      const fresh = namesIn(untracked);
      const names = fresh.names.filter((name) => name !== '' && !fresh.odd.has(name));
      const odd = [...fresh.odd].map((path) => ({ ...unnameable, path }));
      const changed = parseRaw(old.names.join('\0')).map((each) =>
        old.odd.has(each.path) ? { ...each, unnameable: true as const } : each,
      );
      return [...changed, ...(await describeNew(tree, names)), ...odd];
    },
    async commit(request) {
      const found = await mirrors.get(request.mirror);
      return commitPaths(git, found, { ...request, parent: commitName(request.parent) });
    },
  };
}

/** One remembered index per tree and commit keeps git from reading every file again. */
function indexFile(mirror: Mirror, tree: string, commit: string): string {
  return join(
    mirror.trees,
    `${createHash('sha256')
      .update(resolve(placeOf(tree).path))
      .digest('hex')
      .slice(0, 32)}-${commit}`,
  );
}

/** Every path in which a tree may differ from a commit, as git finds them in a tree that is no overlay. */
export async function differingPaths(at: Indexed): Promise<BytePath[]> {
  const look = await openIndex(at);
  const tracked = await look(['diff-files', '--name-only', '-z', '--ignore-submodules=all']);
  const untracked = await withoutMade(at.tree, await look(['ls-files', '--others', '--exclude-standard', '-z']));
  const names = [...tracked.toString('latin1').split('\0'), ...untracked.toString('latin1').split('\0')];
  const nested = names.filter((name) => name.endsWith('/')).map((name) => fromBytes(name.slice(0, -1)).toString());
  const below = await Promise.all(nested.map((folder) => filesBelow(at.tree, folder)));
  return [...names.filter((name) => name !== '' && !name.endsWith('/')), ...below.flat().map(toBytes)];
}

type Indexed = { git: Git; mirror: Mirror; tree: string; commit: string };

async function openIndex({ git, mirror, tree, commit }: Indexed): Promise<(args: string[]) => Promise<Buffer>> {
  const index = indexFile(mirror, tree, commit);
  const call = {
    env: { GIT_WORK_TREE: placeOf(tree).path, GIT_INDEX_FILE: index },
    folders: [{ path: tree, writable: false }],
  };
  const known = await stat(index).catch(() => null);
  if (known === null) await onMirror(git, mirror, { ...call, args: ['read-tree', commit], writable: true });
  // Exits 1 when files differ, which is what the caller asks next.
  await tryOnMirror(git, mirror, {
    ...call,
    args: ['update-index', '-q', '--refresh', '--ignore-submodules'],
    writable: true,
  });
  return async (args) => (await onMirror(git, mirror, { ...call, args })).stdout;
}

/** What git found untracked, but for what set-up made. */
async function withoutMade(tree: string, untracked: Buffer): Promise<Buffer> {
  const made = await readMade(tree);
  if (made.length === 0) return untracked;
  const tops = new Set(made);
  const names = untracked.toString('latin1').split('\0');
  return Buffer.from(names.filter((name) => !isBelow(name, tops)).join('\0'), 'latin1');
}

function isBelow(path: string, tops: ReadonlySet<string>): boolean {
  const parts = path.replace(/\/$/u, '').split('/');
  return parts.some((_, depth) => tops.has(parts.slice(0, depth + 1).join('/')));
}

const unnameable = { status: 'added', executable: false, symlink: false, unnameable: true } as const;

/** What git ended by NUL, as text; names that are not UTF-8 with their odd bytes as `\xNN`. */
function namesIn(output: Buffer): { names: string[]; odd: Set<string> } {
  const odd = new Set<string>();
  const names = output
    .toString('latin1')
    .split('\0')
    .map((latin) => {
      const bytes = Buffer.from(latin, 'latin1');
      if (isUtf8(bytes)) return bytes.toString('utf8');
      const shown = showBytes(latin);
      odd.add(shown);
      return shown;
    });
  return { names, odd };
}

async function describeNew(tree: string, names: string[]): Promise<ChangedPath[]> {
  const found: ChangedPath[] = [];
  for (const name of names) {
    // git names a nested repository as one folder; its files are files of this tree.
    for (const path of name.endsWith('/') ? await filesBelow(tree, name.slice(0, -1)) : [name]) {
      const info = await lookBelow(toBytes(tree), toBytes(path));
      // The name was decoded, and what it stood for is not found by it.
      if (info === null && path.includes('\ufffd')) found.push({ ...unnameable, path });
      if (info === null || !(info.isFile() || info.isSymbolicLink())) continue;
      found.push({
        path,
        status: 'added',
        executable: info.isFile() && (info.mode & 0o100) !== 0,
        symlink: info.isSymbolicLink(),
      });
    }
  }
  return found;
}

async function filesBelow(tree: string, folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await entriesBelow(toBytes(tree), toBytes(folder))) {
    const name = entry.name.toString('utf8');
    if (isGitName(name)) continue;
    const path = `${folder}/${name}`;
    if (entry.isDirectory()) found.push(...(await filesBelow(tree, path)));
    else found.push(path);
  }
  return found;
}

async function commitPaths(git: Git, mirror: Mirror, request: CommitRequest): Promise<string | null> {
  const index = join(mirror.trees, `commit-${randomUUID()}`);
  const call = {
    env: { GIT_WORK_TREE: placeOf(request.tree).path, GIT_INDEX_FILE: index },
    folders: [{ path: request.tree, writable: false }],
  };
  const run = (args: string[], more: Partial<GitCall> = {}) =>
    onMirror(git, mirror, { ...call, args, writable: true, ...more });
  try {
    const { present, gone } = await sortPaths(request.tree, request.paths);
    await run(['read-tree', request.parent]);
    if (gone.length > 0) await run(['update-index', '-z', '--force-remove', '--stdin'], { input: nulEnded(gone) });
    if (present.length > 0) await run(['update-index', '-z', '--add', '--stdin'], { input: nulEnded(present) });
    const changes = (
      await run(['diff-index', '--cached', '--raw', '-z', '--no-renames', request.parent])
    ).stdout.toString('utf8');
    if (changes === '') return null;
    if (/(?:^|\0):\d+ 160000 /u.test(changes)) {
      throw new AppError(
        'conflict',
        'The change contains a nested repository. Remove its .git folder, then try again.',
      );
    }
    const tree = (await run(['write-tree'])).stdout.toString('latin1').trim();
    return await writeCommit(git, mirror, { ...request, tree, parents: [request.parent] });
  } finally {
    await rm(index, { force: true });
  }
}

function nulEnded(paths: string[]): string {
  return paths.map((path) => `${path}\0`).join('');
}

/** Regular files and links are recorded, links as links; all else counts as not there. */
async function sortPaths(tree: string, paths: string[]): Promise<{ present: string[]; gone: string[] }> {
  const present: string[] = [];
  const gone: string[] = [];
  for (const path of paths) {
    const normal = placeInWork(path);
    // Never part of a commit, whoever lists it.
    if (entersGit(path)) continue;
    if (!normal.ok || normal.path !== path || path === '.') {
      throw new AppError('invalid_input', `"${path.slice(0, 200)}" cannot be part of a commit.`);
    }
    ((await isThere(tree, path)) ? present : gone).push(path);
  }
  return { present, gone };
}

/** A path below a link is not there: the link is the entry. */
async function isThere(tree: string, path: string): Promise<boolean> {
  const info = await reach(toBytes(tree), toBytes(path), async (place) => {
    const found = await lstat(place).catch(() => null);
    // A mode that hides a file from its owner is no part of a commit, and must not stop one.
    if (found?.isFile() && (found.mode & 0o400) === 0) await permit(place, 0o400);
    return found;
  });
  return info !== null && (info.isFile() || info.isSymbolicLink());
}
