import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { placeOf } from '../sandbox/place.ts';
import { fromBytes, toBytes, type BytePath } from '../workspaces/bytes-path.ts';
import { lookBelow } from '../workspaces/reach.ts';
import type { Git } from './git-command.ts';
import { commitName, onMirror, type Mirror } from './mirrors.ts';

type Move = { tree: string; from: string; to: string };

const noTree = '160000';

/** What `CodeHost.moveTree` promises. Nobody may work in the tree meanwhile. */
export async function moveTree(git: Git, mirror: Mirror, { tree, from, to }: Move): Promise<BytePath[]> {
  const args = ['diff-tree', '-r', '-z', '--raw', '--no-renames', commitName(from), commitName(to)];
  const differing = parse((await onMirror(git, mirror, { args })).stdout);
  const root = toBytes(tree);
  for (const { path, now } of differing) if (now === null) await remove(root, path);
  const written = differing.filter(({ now }) => now !== null && now !== noTree).map(({ path }) => path);
  const index = join(mirror.trees, `move-${randomUUID()}`);
  const env = { GIT_WORK_TREE: placeOf(tree).path, GIT_INDEX_FILE: index };
  const call = { env, folders: [{ path: tree, writable: true }], writable: true };
  try {
    await onMirror(git, mirror, { ...call, args: ['read-tree', to] });
    const input = fromBytes(written.map((path) => `${path}\0`).join(''));
    if (written.length > 0)
      await onMirror(git, mirror, { ...call, args: ['checkout-index', '-f', '-q', '-z', '--stdin'], input });
  } finally {
    await rm(index, { force: true });
  }
  return differing.map(({ path }) => path);
}

/** Records of `--raw -z`: `:oldmode newmode old new status` NUL `path` NUL; a new mode of zeros is a removal. */
function parse(output: Buffer): { path: BytePath; now: string | null }[] {
  const fields = output.toString('latin1').split('\0');
  const found: { path: BytePath; now: string | null }[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const mode = fields[i]!.split(' ')[1]!;
    found.push({ path: fields[i + 1]!, now: /^0+$/u.test(mode) ? null : mode });
  }
  return found;
}

/** The entry and the folders that it leaves empty. */
async function remove(root: BytePath, path: BytePath): Promise<void> {
  if ((await lookBelow(root, path)) === null) return;
  await rm(fromBytes(`${root}/${path}`), { recursive: true, force: true });
  for (let folder = parentOf(path); folder !== ''; folder = parentOf(folder)) {
    const emptied = await rmdir(fromBytes(`${root}/${folder}`)).then(
      () => true,
      () => false,
    );
    if (!emptied) return;
  }
}

function parentOf(path: BytePath): BytePath {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
