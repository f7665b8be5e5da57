import { lstat, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import type { OverlayFile, WorkspaceRequest, Workspaces } from '../../domain/ports/workspaces.ts';
import { removeWritten } from '../sandbox/layer.ts';

const safeId = /^[a-z]{3}_[0-9a-f]{32}$/;

type Parts = { dataDir: string; codeHost: Pick<CodeHost, 'checkout'> };

/**
 * Work trees under `<dataDir>/workspaces/<id>/tree`. A tree is made beside its place and renamed into it. Nobody else
 * writes in a folder while it is being made: no sandbox is open on it yet.
 */
export function localWorkspaces({ dataDir, codeHost }: Parts): Workspaces {
  const root = join(dataDir, 'workspaces');
  const folderOf = (id: string) => {
    if (!safeId.test(id)) throw new Error(`not a workspace id: ${id}`);
    return join(root, id);
  };

  const make = async ({ id, mirror, commit, overlay = [], without = [] }: WorkspaceRequest) => {
    const folder = folderOf(id);
    const partial = join(folder, 'partial');
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { recursive: true });
    await codeHost.checkout({ mirror, commit, into: partial });
    for (const path of without) await removeFile(partial, path);
    for (const file of overlay) await layOver(partial, file);
    const tree = join(folder, 'tree');
    await rename(partial, tree);
    return tree;
  };

  return {
    async keep(request) {
      const tree = join(folderOf(request.id), 'tree');
      if (await exists(tree)) return { tree, made: false };
      return { tree: await make(request), made: true };
    },
    async fresh(request) {
      await removeWritten(join(folderOf(request.id), 'tree'));
      return make(request);
    },
    async remove(id) {
      await removeWritten(folderOf(id));
    },
    async list() {
      const entries = await readdir(root).catch(() => []);
      return entries.filter((entry) => safeId.test(entry));
    },
  };
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Replaces whatever stands at the path. A link on the way would lead out of the tree: it makes way for a folder. */
async function layOver(tree: string, { path, bytes, executable }: OverlayFile): Promise<void> {
  const target = inside(tree, path);
  await clearWay(tree, path);
  await mkdir(dirname(target), { recursive: true });
  await rm(target, { recursive: true, force: true });
  await writeFile(target, bytes, { flag: 'wx', mode: executable ? 0o755 : 0o644 });
}

async function removeFile(tree: string, path: string): Promise<void> {
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
