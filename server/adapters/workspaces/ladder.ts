import { execFile } from 'node:child_process';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '../../domain/errors.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import type { WorkspaceRequest } from '../../domain/ports/workspaces.ts';
import { copyInto, openOverlay, removeWritten } from '../sandbox/layer.ts';
import { throughHolder } from '../sandbox/place.ts';
import { writeMade, writeMoved, type Base, type Rung } from './base-file.ts';
import type { BytePath } from './bytes-path.ts';
import { layOver, removeFile } from './lay-over.ts';
import { layBeside, type SetupLayer } from './setup-layers.ts';

/** A tree that can be worked in. `close` lets go of what holds it open; what was written stays. */
export type OpenTree = { tree: string; alive(): boolean; close(): Promise<void> };

export type LadderPorts = {
  codeHost: Pick<CodeHost, 'checkout' | 'moveTree'>;
  /** The folder of a shared checkout, made when it is not there. */
  checkout(mirror: string, commit: string): Promise<string>;
  /** The layer of a set-up. Throws `sandbox_unavailable` where it is gone. */
  setup(mirror: string, key: string): Promise<SetupLayer>;
};

const plain = (tree: string): OpenTree => ({ tree, alive: () => true, close: async () => undefined });

/** Opens the tree of a folder that was laid out before. Throws `sandbox_unavailable` when it cannot be had as it was. */
export async function openRung(ports: LadderPorts, folder: string, base: Base): Promise<OpenTree> {
  const place = join(folder, base.rung === 'overlay' ? 'upper' : 'tree');
  if (!(await isFolder(place))) throw lost(base);
  if (base.rung !== 'overlay' || base.checkout === null) return plain(place);
  const opened = await mount(folder, await lowersOf(ports, base));
  if (opened) return opened;
  throw new AppError(
    'sandbox_unavailable',
    'The work tree is kept as an overlay, and this host does not mount it any more. Allow user namespaces and overlay ' +
      'mounts again (`fleet doctor` says how), then try again.',
  );
}

function lost({ commit }: Base): AppError {
  return new AppError(
    'sandbox_unavailable',
    `The work tree over commit ${commit.slice(0, 12)} is gone from this server, and with it what was written in it.`,
  );
}

async function mount(folder: string, lowers: string[]): Promise<OpenTree | null> {
  const layer = await openOverlay({ dir: folder, lowers });
  if (layer === null || layer.holder === null) return null;
  return { tree: throughHolder(layer.holder, layer.work), alive: layer.alive, close: layer.close };
}

/** The lowest first: where set-up and commit both have something, the commit's file is seen. */
async function lowersOf(ports: LadderPorts, { mirror, checkout, setup }: Base): Promise<string[]> {
  const below = setup === null ? [] : [(await ports.setup(mirror, setup)).files];
  return checkout === null ? below : [...below, await ports.checkout(mirror, checkout)];
}

/** Lays a tree out in an empty folder. Null where the host does not offer this rung. */
export async function layOut(
  ports: LadderPorts,
  { folder, base, request }: { folder: string; base: Base; request: WorkspaceRequest },
): Promise<OpenTree | null> {
  const setup = base.setup === null ? null : await ports.setup(base.mirror, base.setup);
  if (setup !== null) await writeMade(folder, setup.made);
  const opened = await layOutRung(ports, folder, base);
  if (opened === null) return null;
  const { mirror, commit } = request;
  try {
    if (base.checkout !== null && base.checkout !== commit) {
      const moved = await ports.codeHost.moveTree({ mirror, tree: opened.tree, from: base.checkout, to: commit });
      await writeMoved(folder, moved as BytePath[]);
    }
    if (setup !== null && base.rung !== 'overlay') await layBeside(setup, opened.tree);
    await layRequested(opened.tree, request);
    return opened;
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function layRequested(tree: string, { overlay = [], without = [] }: WorkspaceRequest): Promise<void> {
  for (const path of without) await removeFile(tree, path);
  for (const file of overlay) await layOver(tree, file);
}

async function layOutRung(ports: LadderPorts, folder: string, base: Base): Promise<OpenTree | null> {
  const { rung, mirror, checkout } = base;
  if (rung === 'overlay' && checkout !== null) return mount(folder, await lowersOf(ports, base));
  const partial = join(folder, 'partial');
  await mkdir(partial, { recursive: true });
  if (rung === 'copy' && checkout !== null) await copyInto(await ports.checkout(mirror, checkout), partial);
  else await ports.codeHost.checkout({ mirror, commit: base.commit, into: partial });
  const tree = join(folder, 'tree');
  await rename(partial, tree);
  return plain(tree);
}

/** Whether copies share their blocks here, so that one costs no time and no room. */
export async function sharesBlocks(dir: string): Promise<boolean> {
  const [from, to] = [join(dir, '.blocks'), join(dir, '.blocks-copy')];
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await writeFile(from, 'x'.repeat(4096));
  const shared = await promisify(execFile)('cp', ['--reflink=always', '--', from, to]).then(
    () => true,
    () => false,
  );
  await Promise.all([rm(from, { force: true }), rm(to, { force: true })]);
  return shared;
}

/** Removes everything a workspace wrote, the reference last: what it stands on is let go only then. */
export async function clearFolder(folder: string): Promise<void> {
  if (!(await isFolder(folder))) return;
  const written = ['tree', 'partial', 'upper', 'work', 'moved', 'made'].map((name) => join(folder, name));
  await removeWritten(...written, folder);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

export function sharesCheckout(rung: Rung): boolean {
  return rung !== 'checkout';
}
