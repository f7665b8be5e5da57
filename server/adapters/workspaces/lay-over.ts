import { lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { OverlayFile } from '../../domain/ports/workspaces.ts';

/** Replaces whatever stands at the path. A link on the way would lead out of the tree: it makes way for a folder. */
export async function layOver(tree: string, { path, bytes, executable }: OverlayFile): Promise<void> {
  const target = inside(tree, path);
  await clearWay(tree, path);
  await mkdir(dirname(target), { recursive: true });
  await rm(target, { recursive: true, force: true });
  await writeFile(target, bytes, { flag: 'wx', mode: executable ? 0o755 : 0o644 });
}

export async function removeFile(tree: string, path: string): Promise<void> {
  const target = inside(tree, path);
  if (await hasOnlyFolders(tree, path)) await rm(target, { force: true });
}

function inside(tree: string, path: string): string {
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..' || part === '.git')) {
    throw new Error(`not a path of a work tree: ${path}`);
  }
  return join(tree, parts.join(sep));
}

async function clearWay(tree: string, path: string): Promise<void> {
  let at = tree;
  for (const part of path.split('/').slice(0, -1)) {
    at = join(at, part);
    const found = await lstat(at).catch(() => null);
    if (found && !found.isDirectory()) await rm(at, { force: true });
  }
}

async function hasOnlyFolders(tree: string, path: string): Promise<boolean> {
  let at = tree;
  for (const part of path.split('/').slice(0, -1)) {
    at = join(at, part);
    const found = await lstat(at).catch(() => null);
    if (!found?.isDirectory()) return false;
  }
  return true;
}
