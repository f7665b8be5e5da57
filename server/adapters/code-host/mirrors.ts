import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import type { Git, GitCall, GitResult } from './git-command.ts';
import { plainWords } from './remote-error.ts';
import type { GitWeakness } from './weakness.ts';

/** A private bare repository. `dir` is its folder; remembered work-tree indexes lie in `trees`. */
export type Mirror = { dir: string; trees: string };

/**
 * Bytes in the tree are bytes in the commit: no line-ending conversion, keyword, filter, textconv or merge driver that
 * an attribute in the repository may ask for. This file outranks every `.gitattributes`.
 */
const attributes = '* -text !eol -ident -filter !working-tree-encoding !diff !merge !export-subst !export-ignore\n';

const staleMs = 24 * 60 * 60 * 1000;

export type Mirrors = {
  /** Throws `not_found` for a mirror that was never synced. */
  get(id: string): Promise<Mirror>;
  ensure(id: string): Promise<Mirror>;
  /** The ids of all mirrors. */
  list(): Promise<string[]>;
  /** Missing is fine. */
  remove(id: string): Promise<void>;
  /** A repository for one use; removed when `use` ends. */
  temporary<T>(use: (mirror: Mirror) => Promise<T>): Promise<T>;
  /** One at a time per mirror. */
  locked<T>(id: string, work: () => Promise<T>): Promise<T>;
};

export function mirrorsUnder(
  root: string,
  { git, clock }: { git: Git; clock: Clock },
  { untuned }: GitWeakness = {},
): Mirrors {
  const at = (id: string): Mirror => {
    if (!/^[\w-]{1,100}$/u.test(id)) throw new AppError('invalid_input', 'This is not the name of a mirror.');
    const dir = join(root, `${id}.git`);
    return { dir, trees: join(dir, 'fleet-trees') };
  };
  const make = async (): Promise<Mirror> => {
    await mkdir(root, { recursive: true, mode: 0o700 });
    const dir = await mkdtemp(join(root, 'new-'));
    const made = await git({
      args: ['init', '--quiet', '--bare', '--template=', '--initial-branch=none', dir],
      folders: [{ path: dir, writable: true }],
    });
    if (made.code !== 0) throw new AppError('unavailable', `A mirror could not be made: ${plainWords(made.stderr)}`);
    await Promise.all([mkdir(join(dir, 'info')), mkdir(join(dir, 'fleet-trees'))]);
    if (!untuned) await writeFile(join(dir, 'info', 'attributes'), attributes);
    return { dir, trees: join(dir, 'fleet-trees') };
  };
  return {
    async get(id) {
      const mirror = at(id);
      if (await exists(mirror.dir)) return mirror;
      throw new AppError('not_found', 'This repository has not been fetched yet.', { mirror: id });
    },
    async ensure(id) {
      const mirror = at(id);
      if (await exists(mirror.dir)) return mirror;
      await sweep(root, clock.now());
      const made = await make();
      // Whoever comes second finds the folder taken: his is as good as the other.
      await rename(made.dir, mirror.dir).catch(() => rm(made.dir, { recursive: true, force: true }));
      return mirror;
    },
    async list() {
      const names = await readdir(root).catch(() => []);
      return names.filter((name) => name.endsWith('.git')).map((name) => name.slice(0, -'.git'.length));
    },
    remove: (id) => rm(at(id).dir, { recursive: true, force: true }),
    async temporary(use) {
      const mirror = await make();
      try {
        return await use(mirror);
      } finally {
        await rm(mirror.dir, { recursive: true, force: true });
      }
    },
    locked: oneAtATime(),
  };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Temporary repositories that a crash left. */
async function sweep(root: string, now: Date): Promise<void> {
  for (const name of await readdir(root).catch(() => [])) {
    const found = name.startsWith('new-') ? await stat(join(root, name)).catch(() => null) : null;
    if (found && now.getTime() - found.mtimeMs > staleMs) await rm(join(root, name), { recursive: true, force: true });
  }
}

const objectName = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u;

/** Nothing but a whole object name ever reaches git as a commit: no option, no range, no path. */
export function commitName(value: string): string {
  if (objectName.test(value)) return value;
  throw new AppError('invalid_input', 'This is not the full id of a commit.', { value: value.slice(0, 100) });
}

/** Rules of git-check-ref-format, and no leading dash. */
export function branchRef(branch: string): string {
  const bad = /^[-/.]|\/$|\.$|\/\.|\.\.|\/\/|@\{|\.lock(?:\/|$)|[\p{Cc} ~^:?*[\\]/u;
  if (branch !== '' && branch.length <= 200 && branch.isWellFormed() && !bad.test(branch))
    return `refs/heads/${branch}`;
  throw new AppError('invalid_input', `"${branch.slice(0, 100)}" cannot be the name of a branch.`);
}

/** Runs git on a mirror; any other exit than 0 throws `unavailable` with git's words. */
export async function onMirror(git: Git, mirror: Mirror, call: GitCall & { writable?: boolean }): Promise<GitResult> {
  const result = await tryOnMirror(git, mirror, call);
  if (result.code === 0) return result;
  throw new AppError('unavailable', `git ${call.args[0]} failed: ${plainWords(result.stderr)}`);
}

export function tryOnMirror(git: Git, mirror: Mirror, call: GitCall & { writable?: boolean }): Promise<GitResult> {
  const { writable = false, ...rest } = call;
  return git({
    ...rest,
    env: { GIT_DIR: mirror.dir, ...call.env },
    folders: [{ path: mirror.dir, writable }, ...(call.folders ?? [])],
  });
}
