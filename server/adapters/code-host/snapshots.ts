import { readlink } from 'node:fs/promises';
import { AppError } from '../../domain/errors.ts';
import type { CodeHost, Snapshot, SnapshotRequest } from '../../domain/ports/code-host.ts';
import { toBytes, type BytePath } from '../workspaces/bytes-path.ts';
import { reach, readFileBelow } from '../workspaces/reach.ts';
import { findTouched } from '../workspaces/touched.ts';
import type { Git } from './git-command.ts';
import { commitName, onMirror, type Mirror, type Mirrors } from './mirrors.ts';
import { changesAmong, showBytes, type Change } from './touched-changes.ts';
import { differingPaths } from './work-tree.ts';

type Snapshots = Pick<CodeHost, 'snapshot' | 'snapshotRuns' | 'dropSnapshots'>;

const root = 'refs/fleet/snapshots';

/** What one snapshot takes in: the rest is left out and named. Work trees hold data sets and core dumps, too. */
const mostFileBytes = 16 * 1024 * 1024;
const mostBytes = 64 * 1024 * 1024;
const mostLeftOut = 50;

/** Unreachable objects younger than this may belong to a commit that is being written. */
const youngObjects = '1.day.ago';

/**
 * Snapshots are commits under refs that no branch, fetch or push touches. The host reads the changed files itself, never
 * following a link, and hands git nothing but their bytes: git does not see the work tree at all.
 */
export function snapshotsIn(git: Git, mirrors: Mirrors): Snapshots {
  return {
    async snapshot(request) {
      const mirror = await mirrors.get(request.mirror);
      const commit = commitName(request.start);
      const at = { git, mirror, tree: request.tree, commit };
      const touched = (await findTouched(request.tree)) ?? (await differingPaths(at));
      const changes = await changesAmong(at, touched);
      if (changes.length === 0) return { commit, leftOut: [] };
      const read = await readChanges(request.tree, changes);
      return { commit: await importCommit(git, mirror, { request, read }), leftOut: read.leftOut };
    },
    async snapshotRuns() {
      const found = [];
      for (const id of await mirrors.list()) {
        const runs = await runsIn(git, await mirrors.get(id));
        if (runs.length > 0) found.push({ mirror: id, runs });
      }
      return found;
    },
    dropSnapshots: ({ mirror: id, runs }) =>
      mirrors.locked(id, async () => {
        const mirror = await mirrors.get(id);
        for (const run of runs) await dropRun(git, mirror, run);
        // What is still named goes into one pack; what is not goes, once nobody can be about to name it.
        await onMirror(git, mirror, { args: ['repack', '-d', '-l', '-q'], writable: true });
        await onMirror(git, mirror, { args: ['prune', `--expire=${youngObjects}`], writable: true });
      }),
  };
}

async function runsIn(git: Git, mirror: Mirror): Promise<string[]> {
  const listed = await onMirror(git, mirror, { args: ['for-each-ref', '--format=%(refname)', root] });
  const names = listed.stdout.toString('latin1').split('\n').filter(Boolean);
  return [...new Set(names.map((name) => name.split('/')[3]!))];
}

async function dropRun(git: Git, mirror: Mirror, run: string): Promise<void> {
  const args = ['for-each-ref', '--format=delete %(refname)', folderOf(run)];
  const { stdout } = await onMirror(git, mirror, { args });
  if (stdout.length > 0)
    await onMirror(git, mirror, { args: ['update-ref', '--stdin'], input: stdout, writable: true });
}

function folderOf(run: string): string {
  if (/^\w{1,100}$/u.test(run)) return `${root}/${run}/`;
  throw new AppError('invalid_input', 'This is not the id of a run.');
}

type Entry = { path: BytePath; mode: string; bytes: Buffer };
type Read = { gone: BytePath[]; entries: Entry[]; leftOut: string[] };

async function readChanges(tree: string, changes: Change[]): Promise<Read> {
  const gone = changes.filter(({ info }) => info === null).map(({ path }) => path);
  const entries: Entry[] = [];
  const leftOut: string[] = [];
  let room = mostBytes;
  for (const change of changes) {
    if (change.info === null) continue;
    const entry = await readEntry(toBytes(tree), change, Math.min(room, mostFileBytes));
    if (entry) {
      entries.push(entry);
      room -= entry.bytes.length;
    } else if (leftOut.length < mostLeftOut) leftOut.push(showBytes(change.path));
  }
  return { gone, entries, leftOut };
}

/** Null for what is too large, cannot be read, or is no file any more: jobs write while this reads. */
async function readEntry(tree: BytePath, { path, info }: Change, most: number): Promise<Entry | null> {
  try {
    if (info?.isSymbolicLink()) {
      const bytes = await reach(tree, path, (place) => readlink(place, { encoding: 'buffer' }));
      return bytes && { path, mode: '120000', bytes };
    }
    return await readFileBelow(tree, path, async (file, now) => {
      if (now.size > most) return null;
      const mode = (now.mode & 0o100) === 0 ? '100644' : '100755';
      const bytes = Buffer.alloc(now.size);
      const { bytesRead } = await file.read(bytes, 0, now.size, 0);
      return { path, mode, bytes: bytes.subarray(0, bytesRead) };
    });
  } catch {
    return null;
  }
}

type Import = { request: SnapshotRequest; read: Read };

/** One process of git, which reads a stream of ours and writes the commit and its ref. */
async function importCommit(git: Git, mirror: Mirror, { request, read }: Import): Promise<Snapshot['commit']> {
  const { run, turn, generation, start, at } = request;
  const message = `Snapshot of ${run}`;
  const head = [
    `commit ${folderOf(run)}${turn}.${generation}`,
    'mark :1',
    `committer Fleet <snapshots@fleet.invalid> ${Math.floor(at.getTime() / 1000)} +0000`,
    `data ${message.length}`,
    message,
    `from ${start}`,
    // First what is gone: a file may have become a folder, and a folder a file.
    ...read.gone.map((path) => `D ${quoted(path)}`),
  ];
  const input = Buffer.concat([
    Buffer.from(`${head.join('\n')}\n`, 'latin1'),
    ...read.entries.flatMap(({ path, mode, bytes }) => [
      Buffer.from(`M ${mode} inline ${quoted(path)}\ndata ${bytes.length}\n`, 'latin1'),
      bytes,
      Buffer.from('\n'),
    ]),
    Buffer.from('\nget-mark :1\ndone\n'),
  ]);
  // Forced: a holder that lost its lease may have left the ref of this turn, which nothing names.
  const args = ['fast-import', '--quiet', '--done', '--force'];
  const made = await onMirror(git, mirror, { args, input, writable: true });
  return commitName(made.stdout.toString('latin1').trim());
}

/** A path as fast-import reads one in quotes. All other bytes stand for themselves. */
function quoted(path: BytePath): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
