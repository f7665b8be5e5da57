import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { entering, placeOf, throughHolder } from './place.ts';

const run = promisify(execFile);

/**
 * What takes writes instead of the tree. `work` is a path as seen in the namespaces of process `holder`, if there is one;
 * what was written lies in `written`, on the host's disk.
 */
export type Layer = { work: string; written: string; holder: number | null; alive(): boolean; close(): Promise<void> };

/**
 * Relative names, because a mount option cannot carry every path. The merged tree lies on a mount of its own, so that
 * outside these namespaces its name is not there at all instead of an empty folder. One holder per folder: two mounts of
 * one upper would ruin it. Ends, and with it the mounts, when its input ends.
 */
const holder = `cd "$1" && exec 9>lock && flock -w 15 9 && shift && n=0 names= || exit 1
for lower do mount --bind -- "$lower" "lower$n" || exit 1; names=lower$n\${names:+:$names} n=$((n+1)); done
mount -t tmpfs -o mode=755,size=64k tmpfs view && mkdir view/tree &&
mount -t overlay overlay -o userxattr,lowerdir=$names,upperdir=upper,workdir=work view/tree &&
echo ready && read -r _`;

/** The tree itself where it lies in a holder's namespaces: writes go to it. Null for an ordinary folder. */
export function heldLayer(tree: string): Layer | null {
  const { holder, path } = placeOf(tree);
  if (holder === null) return null;
  const written = join(dirname(dirname(path)), 'upper');
  return { work: path, written, holder, alive: () => true, close: () => Promise.resolve() };
}

/** An overlay over `tree` in namespaces of its own; where the host refuses overlays, a copy of the tree. */
export async function openLayer({ dir, tree }: { dir: string; tree: string }): Promise<Layer> {
  return (await openOverlay({ dir, lowers: [tree] })) ?? openCopy(dir, tree);
}

/**
 * Mounts `lowers` (the lowest first) with what `dir/upper` holds on top. Null where the host refuses user namespaces to
 * `unshare`, or overlays in them. `upper` outlives it: opened again, the tree is as it was left.
 */
export async function openOverlay({ dir, lowers }: { dir: string; lowers: string[] }): Promise<Layer | null> {
  const below = lowers.map((_, n) => `lower${n}`);
  await Promise.all([...below, 'upper', 'work', 'view'].map((name) => mkdir(join(dir, name), { recursive: true })));
  const places = lowers.map(placeOf);
  const within = places.find((place) => place.holder !== null)?.holder ?? null;
  const [file, ...args] = [...entering(within), 'unshare', '-Urm', '/bin/sh', '-c', holder, 'sh', dir];
  const child = spawn(file!, [...args, ...places.map(({ path }) => path)], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()).once('error', () => resolve()));
  const { pid: holding } = child;
  if (!(await saysReady(child, ended)) || holding === undefined) return null;
  const work = join(dir, 'view/tree');
  const seen = throughHolder(holding, work);
  return {
    work,
    written: join(dir, 'upper'),
    holder: holding,
    // Asked of the tree itself: the word that a killed holder has ended comes later than its mounts go.
    alive: () => child.exitCode === null && child.signalCode === null && existsSync(seen),
    close: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function saysReady(child: ChildProcess, ended: Promise<void>): Promise<boolean> {
  child.stdin?.on('error', () => undefined);
  const ready = new Promise<boolean>((resolve) => child.stdout?.once('data', () => resolve(true)));
  return Promise.race([ready, ended.then(() => false)]);
}

/** Links, modes and odd names are kept; on file systems that can, blocks are shared until written. */
export async function openCopy(dir: string, tree: string): Promise<Layer> {
  const work = join(dir, 'copy');
  await mkdir(work);
  await copyInto(tree, work);
  return { work, written: work, holder: null, alive: () => true, close: () => Promise.resolve() };
}

/** Lays the files of one folder over another. Hard links are no way: a write in place would reach the original. */
export async function copyInto(from: string, into: string): Promise<void> {
  await run('cp', ['-a', '--reflink=auto', '--', `${from}/.`, into]);
}

/** `chmod -R` looks at a name and then changes it: who swaps that for a link meanwhile would have it change what the link names. */
const opening = `exec bwrap --die-with-parent --ro-bind / / --bind "$1" "$1" -- chmod -R u+rwX -- "$1" 2>/dev/null`;

/**
 * Removes what agents wrote in, one after the other, whatever modes they left. Links are not followed. Modes are only given
 * back where nothing else helps, in a world where all but that one folder is read-only.
 */
export async function removeWritten(...paths: string[]): Promise<void> {
  const script = `for path; do rm -rf -- "$path" 2>/dev/null || { sh -c '${opening}' sh "$path"; rm -rf -- "$path" || exit 1; }; done`;
  await run('/bin/sh', ['-c', script, 'sh', ...paths]);
}
