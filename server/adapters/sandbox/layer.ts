import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What takes writes instead of the tree. `work` is a path as seen in the namespaces of process `holder`, if there is one. */
export type Layer = { work: string; holder: number | null; close(): Promise<void> };

/** Relative names, because a mount option cannot carry every path. Ends, and with it the mounts, when its input ends. */
const holder = `cd "$1" && mount --bind -- "$2" lower &&
mount -t overlay overlay -o userxattr,lowerdir=lower,upperdir=upper,workdir=work merged &&
echo ready && read -r _`;

/** An overlay over `tree` in namespaces of its own; where the host refuses overlays, a copy of the tree. */
export async function openLayer({ dir, tree }: { dir: string; tree: string }): Promise<Layer> {
  return (await openOverlay(dir, tree)) ?? openCopy(dir, tree);
}

/** Null where the host refuses user namespaces to `unshare`, or overlays in them. */
async function openOverlay(dir: string, tree: string): Promise<Layer | null> {
  await Promise.all(['lower', 'upper', 'work', 'merged'].map((name) => mkdir(join(dir, name))));
  const child = spawn('unshare', ['-Urm', '/bin/sh', '-c', holder, 'sh', dir, tree], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()).once('error', () => resolve()));
  if (!(await saysReady(child, ended))) return null;
  return {
    work: join(dir, 'merged'),
    holder: child.pid ?? null,
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
  await run('cp', ['-a', '--reflink=auto', '--', `${tree}/.`, work]);
  return { work, holder: null, close: () => Promise.resolve() };
}

/** Removes a folder that agents wrote in, whatever modes they left. Links are not followed. */
export async function removeWritten(dir: string): Promise<void> {
  await run('/bin/sh', ['-c', 'chmod -R u+rwX -- "$1" 2>/dev/null; rm -rf -- "$1"', 'sh', dir]);
}
