import { AppError } from '../../domain/errors.ts';
import type { ChangedPath, CodeHost, CommitEntry, DiffStat } from '../../domain/ports/code-host.ts';
import { placeInWork } from '../../domain/scope/work-path.ts';
import type { Git } from './git-command.ts';
import { branchRef, commitName, onMirror, tryOnMirror, type Mirror, type Mirrors } from './mirrors.ts';
import { plainWords } from './remote-error.ts';

type Reading = Pick<
  CodeHost,
  | 'diff'
  | 'diffStat'
  | 'diffStats'
  | 'changedBetween'
  | 'patchId'
  | 'fileAt'
  | 'entryAt'
  | 'pathsNamed'
  | 'contains'
  | 'rootFolders'
>;

const plain = ['--no-ext-diff', '--no-textconv', '--no-color', '-r'];
const maxDiffBytes = 16 * 1024 * 1024;
const maxFileBytes = 64 * 1024 * 1024;

/** All that only reads a mirror. */
export function readingHistory(git: Git, mirrors: Mirrors): Reading {
  const between = async (
    request: { mirror: string; base: string; head: string },
    args: string[],
    maxBytes?: number,
  ) => {
    const commits = [commitName(request.base), commitName(request.head)];
    return onMirror(git, await mirrors.get(request.mirror), {
      args: ['diff-tree', ...plain, ...args, ...commits],
      maxBytes,
    });
  };
  return {
    async diff(request) {
      const { stdout, cut } = await between(request, ['-p', '-M', '--src-prefix=a/', '--dst-prefix=b/'], maxDiffBytes);
      return (cut ? stdout.subarray(0, stdout.lastIndexOf(10) + 1) : stdout).toString('utf8');
    },
    async diffStat(request) {
      const { stdout } = await between(request, ['--numstat', '--no-renames', '-z']);
      return sumNumstat(stdout.toString('utf8'), request.counts);
    },
    async diffStats({ mirror, base, heads }) {
      return statsOf(git, await mirrors.get(mirror), { base: commitName(base), heads: heads.map(commitName) });
    },
    async changedBetween(request) {
      return parseRaw((await between(request, ['--raw', '--no-renames', '-z'])).stdout.toString('utf8'));
    },
    async patchId(request) {
      const { stdout } = await between(
        request,
        ['-p', '--full-index', '--no-renames', '--src-prefix=a/', '--dst-prefix=b/'],
        patchBytes,
      );
      return patchIdOf(git, await mirrors.get(request.mirror), stdout);
    },
    fileAt: async (at) => (await entryOf(git, mirrors, at))?.bytes ?? null,
    entryAt: (at) => entryOf(git, mirrors, at),
    async pathsNamed({ mirror, commit, names, most }) {
      const args = ['ls-tree', '-r', '-z', '--full-tree', commitName(commit)];
      const listed = await tryOnMirror(git, await mirrors.get(mirror), { args, maxBytes: maxFileBytes });
      if (listed.code !== 0) throw new AppError('not_found', `The commit is not there: ${plainWords(listed.stderr)}`);
      return namedFiles(listed.stdout.toString('utf8'), names).slice(0, most);
    },
    async rootFolders({ mirror, branch }) {
      const ref = branchRef(branch).replace('refs/heads/', 'refs/remotes/origin/');
      const { stdout } = await onMirror(git, await mirrors.get(mirror), {
        args: ['ls-tree', '-d', '--name-only', '-z', ref],
      });
      return stdout.toString('utf8').split('\0').filter(Boolean);
    },
    async contains({ mirror, commit, of }) {
      const args = ['merge-base', '--is-ancestor', commitName(commit), commitName(of)];
      // Any other exit: one of the two is not in the mirror, so neither contains the other.
      return (await tryOnMirror(git, await mirrors.get(mirror), { args })).code === 0;
    },
  };
}

/** One process for all: it is told each commit with the base in its parent's place, and says whose figures follow. */
async function statsOf(git: Git, mirror: Mirror, { base, heads }: { base: string; heads: string[] }) {
  const asked = [...new Set(heads)].filter((head) => head !== base);
  const input = asked.map((head) => `${head} ${base}\n`).join('');
  const args = ['diff-tree', ...plain, '--numstat', '--no-renames', '-z', '--always', '--stdin'];
  const { stdout } = asked.length === 0 ? { stdout: '' } : await tryOnMirror(git, mirror, { args, input });
  const found = new Map<string, DiffStat>([[base, { files: 0, added: 0, removed: 0 }]]);
  let head = '';
  for (const line of stdout.toString('utf8').split('\0')) {
    if (/^[0-9a-f]{40,64}$/u.test(line)) {
      head = line;
      found.set(head, sumNumstat(''));
    } else found.set(head, sumOf(found.get(head), sumNumstat(line)));
  }
  return heads.map((one) => found.get(one) ?? null);
}

function sumOf(a: DiffStat = { files: 0, added: 0, removed: 0 }, b: DiffStat): DiffStat {
  return { files: a.files + b.files, added: a.added + b.added, removed: a.removed + b.removed };
}

const patchBytes = 512 * 1024 * 1024;

/** `--verbatim`, because a patch whose white space changed is another patch; full index lines, so that binaries count. */
async function patchIdOf(git: Git, mirror: Mirror, patch: Buffer): Promise<string> {
  const { stdout } = await onMirror(git, mirror, { args: ['patch-id', '--verbatim'], input: patch });
  return stdout.toString('latin1').slice(0, 40) || '0'.repeat(40);
}

async function entryOf(git: Git, mirrors: Mirrors, { mirror, commit, path }: At & { mirror: string }) {
  return readEntryAt(git, await mirrors.get(mirror), { commit: commitName(commit), path });
}

type At = { commit: string; path: string };

async function readEntryAt(git: Git, mirror: Mirror, at: At): Promise<CommitEntry | null> {
  const normal = placeInWork(at.path);
  if (!normal.ok || normal.path !== at.path || at.path === '.') return null;
  const listed = await tryOnMirror(git, mirror, { args: ['ls-tree', '-z', '--full-tree', at.commit, '--', at.path] });
  if (listed.code !== 0) throw new AppError('not_found', `The commit is not there: ${plainWords(listed.stderr)}`);
  const entry = listed.stdout
    .toString('utf8')
    .split('\0')
    .find((line) => line.slice(line.indexOf('\t') + 1) === at.path);
  const [, mode, object] = /^(\d+) blob ([0-9a-f]+)/u.exec(entry ?? '') ?? [];
  if (object === undefined) return null;
  const { stdout } = await onMirror(git, mirror, { args: ['cat-file', 'blob', object], maxBytes: maxFileBytes });
  return { bytes: stdout, executable: mode === '100755', symlink: mode === '120000' };
}

/** Of `ls-tree -z` records, the plain files of these names. Names that are not UTF-8 cannot be asked for. */
function namedFiles(text: string, names: readonly string[]): string[] {
  return text.split('\0').flatMap((line) => {
    const path = line.slice(line.indexOf('\t') + 1);
    const isFile = /^100\d{3} blob /.test(line);
    return isFile && !path.includes('\ufffd') && names.includes(path.slice(path.lastIndexOf('/') + 1)) ? [path] : [];
  });
}

function sumNumstat(text: string, counts: (path: string) => boolean = () => true): DiffStat {
  const stat: DiffStat = { files: 0, added: 0, removed: 0 };
  for (const line of text.split('\0')) {
    const [, added, removed, path = ''] = /^(\d+|-)\t(\d+|-)\t(.*)/su.exec(line) ?? [];
    if (added === undefined || !counts(path)) continue;
    stat.files += 1;
    stat.added += Number(added) || 0;
    stat.removed += Number(removed) || 0;
  }
  return stat;
}

/** git's `--raw -z` records: `:oldmode newmode old new status` NUL `path` NUL. */
export function parseRaw(text: string): ChangedPath[] {
  const fields = text.split('\0');
  const changed: ChangedPath[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [, mode = '', status] = /^:\d+ (\d+) \S+ \S+ ([A-Z])/u.exec(fields[i]!) ?? [];
    const kind = status === 'A' ? 'added' : status === 'D' ? 'deleted' : 'modified';
    changed.push({ path: fields[i + 1]!, status: kind, executable: mode === '100755', symlink: mode === '120000' });
  }
  return changed;
}
