import { mkdir, readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import type { SetUpRequest, WorkspaceRequest, Workspaces } from '../../domain/ports/workspaces.ts';
import { oneAtATime, type OneAtATime } from '../one-at-a-time.ts';
import { isOver, lifeOf } from '../sandbox/life.ts';
import { readBase, rungs, writeBase, writeMade, type Base, type Rung } from './base-file.ts';
import { sharedCheckouts, type Checkouts } from './checkouts.ts';
import {
  clearFolder,
  layOut,
  openRung,
  sharesBlocks,
  sharesCheckout,
  type LadderPorts,
  type OpenTree,
} from './ladder.ts';
import { setupLayers, takeLayer, type SetupLayers } from './setup-layers.ts';

const safeId = /^[a-z]{3}_[0-9a-f]{32}$/;

/** A commit this near to a shared checkout is made from it by writing what differs; one further off gets its own. */
const nearPaths = 400;
const triedCheckouts = 3;
/** Shared checkouts kept per repo although no tree stands on them: the next run will want one of them. */
const spareCheckouts = 3;
/** Layers of set-ups likewise: branches with other lockfiles take turns. */
const spareSetups = 3;

type Parts = {
  dataDir: string;
  codeHost: Pick<CodeHost, 'checkout' | 'moveTree' | 'changedBetween' | 'changedPaths' | 'listFiles'>;
  /** The rungs to try, best first. All of them unless a test forces one. */
  ladder?: readonly Rung[];
};

/** What the parts of one installation's workspaces share. */
type Yard = {
  root: string;
  parts: Parts;
  checkouts: Checkouts;
  layers: SetupLayers;
  open: Map<string, OpenTree>;
  /** How many are at work in a tree: a lease that was lost may still be on its way out when the next holder begins. */
  users: Map<string, number>;
  usable(): Promise<readonly Rung[]>;
};

/**
 * Work trees under `<dataDir>/workspaces/<id>`: an overlay over the shared checkout of a commit, below `checkouts/`; where
 * the host refuses overlays a copy that shares its blocks, else a checkout of its own. All rungs give the same tree.
 */
export function localWorkspaces(parts: Parts): Workspaces {
  const { dataDir, codeHost, ladder = rungs } = parts;
  const root = join(dataDir, 'workspaces');
  const checkouts = sharedCheckouts(join(dataDir, 'checkouts'), codeHost);
  const layers = setupLayers(join(dataDir, 'setups'));
  let rungsHere: Promise<readonly Rung[]> | null = null;
  const usable = () => (rungsHere ??= usableRungs(dataDir, ladder));
  const yard: Yard = { root, parts, checkouts, layers, open: new Map(), users: new Map(), usable };
  const alone = oneAtATime();
  return {
    keep: (request) =>
      alone(request.id, async () => {
        const base = await readBase(folderOf(yard, request.id));
        const kept = base?.whole
          ? { tree: await reopen(yard, request.id, base), made: false }
          : { tree: await make(yard, request, null), made: true };
        yard.users.set(request.id, (yard.users.get(request.id) ?? 0) + 1);
        return kept;
      }),
    fresh: (request) => alone(request.id, async () => make(yard, request, lifeOf(process.pid))),
    setUp: (request) => setUp(yard, alone, request),
    rest: (id) =>
      alone(id, async () => {
        const left = (yard.users.get(id) ?? 0) - 1;
        yard.users.set(id, left);
        if (left <= 0) await close(yard, id);
      }),
    remove: (id) => alone(id, () => remove(yard, id)),
    async forget(mirror) {
      for (const id of await listIds(root)) {
        await alone(id, async () => {
          if ((await readBase(folderOf(yard, id)))?.mirror === mirror) await remove(yard, id);
        });
      }
      await checkouts.collect({ mirror, spare: 0, inUse: () => inUse(root, { mirror, what: 'checkout' }) });
      await layers.collect({ mirror, spare: 0, inUse: () => inUse(root, { mirror, what: 'setup' }) });
      // What a tree that is being made still stands on stays, and its folder with it.
      for (const kept of ['checkouts', 'setups']) await rmdir(join(dataDir, kept, mirror)).catch(() => undefined);
    },
    list: () => listIds(root),
    async collect() {
      for (const id of await listIds(root)) {
        await alone(id, async () => {
          if (await isOrphan(folderOf(yard, id))) await remove(yard, id);
        });
      }
      for (const mirror of await checkouts.mirrors()) {
        await checkouts.collect({
          mirror,
          spare: spareCheckouts,
          inUse: () => inUse(root, { mirror, what: 'checkout' }),
        });
      }
      for (const mirror of await layers.mirrors()) {
        await layers.collect({ mirror, spare: spareSetups, inUse: () => inUse(root, { mirror, what: 'setup' }) });
      }
    },
  };
}

function folderOf({ root }: Yard, id: string): string {
  if (!safeId.test(id)) throw new Error(`not a workspace id: ${id}`);
  return join(root, id);
}

async function close({ open, users }: Yard, id: string): Promise<void> {
  const opened = open.get(id);
  open.delete(id);
  users.delete(id);
  await opened?.close();
}

async function remove(yard: Yard, id: string): Promise<void> {
  const folder = folderOf(yard, id);
  await close(yard, id);
  await clearFolder(folder);
}

/** True for a tree that was to be thrown away, by a process that is gone. */
async function isOrphan(folder: string): Promise<boolean> {
  const maker = (await readBase(folder))?.maker ?? null;
  return maker !== null && isOver(maker);
}

async function setUp(
  yard: Yard,
  alone: OneAtATime,
  { id, mirror, commit, key, fill }: SetUpRequest,
): Promise<{ leftOut: string[] }> {
  const { layers, parts } = yard;
  const folder = folderOf(yard, id);
  return layers.ensure({
    mirror,
    key,
    make: (into) =>
      alone(id, async () => {
        try {
          const tree = await make(yard, { id, mirror, commit }, lifeOf(process.pid));
          await fill(tree);
          const tracked = await parts.codeHost.listFiles({ mirror, commit });
          await takeLayer({ tree, into, tracked }, async (made) => {
            await writeMade(folder, made);
            const changed = await parts.codeHost.changedPaths({ mirror, tree, commit });
            return changed.map(({ path }) => path);
          });
        } finally {
          await remove(yard, id);
        }
      }),
  });
}

async function reopen(yard: Yard, id: string, base: Base): Promise<string> {
  const known = yard.open.get(id);
  if (known?.alive()) return known.tree;
  await close(yard, id);
  const opened = await openRung(portsOf(yard), folderOf(yard, id), base);
  yard.open.set(id, opened);
  return opened.tree;
}

async function make(yard: Yard, request: WorkspaceRequest, maker: string | null): Promise<string> {
  const folder = folderOf(yard, request.id);
  const setup = (await request.setup?.()) ?? null;
  await close(yard, request.id);
  for (const rung of await yard.usable()) {
    await clearFolder(folder);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const checkout = sharesCheckout(rung) ? await nearestCheckout(yard, request) : null;
    const { mirror, commit } = request;
    const base: Base = { rung, mirror, commit, checkout, setup, maker, whole: false };
    await writeBase(folder, base);
    const opened = await layOut(portsOf(yard), { folder, base, request });
    if (opened === null) continue;
    yard.open.set(request.id, opened);
    await writeBase(folder, { ...base, whole: true });
    return opened.tree;
  }
  throw new AppError('sandbox_unavailable', 'This host offers no way to lay out a work tree.');
}

function portsOf({ parts, checkouts, layers }: Yard): LadderPorts {
  return { codeHost: parts.codeHost, checkout: checkouts.checkout, setup: layers.get };
}

/** What trees of that mirror stand on: another's may stand on the same commit, in a checkout of its own. */
async function inUse(root: string, of: { mirror: string; what: 'checkout' | 'setup' }): Promise<Set<string>> {
  const bases = await Promise.all((await listIds(root)).map((id) => readBase(join(root, id))));
  return new Set(bases.flatMap((base) => (base?.mirror === of.mirror ? (base[of.what] ?? []) : [])));
}

async function usableRungs(dataDir: string, ladder: readonly Rung[]): Promise<readonly Rung[]> {
  if (ladder.length === 1) return ladder;
  // A copy that shares nothing costs what a checkout costs.
  const shared = await sharesBlocks(dataDir);
  return ladder.filter((rung) => rung !== 'copy' || shared);
}

/** The commit of the shared checkout to stand on: the commit's own, one that differs little, or a new one. */
async function nearestCheckout({ parts, checkouts }: Yard, { mirror, commit }: WorkspaceRequest): Promise<string> {
  const there = await checkouts.list(mirror);
  if (there.includes(commit)) return commit;
  for (const base of there.slice(0, triedCheckouts)) {
    const differing = await parts.codeHost.changedBetween({ mirror, base, head: commit }).catch(() => null);
    if (differing !== null && differing.length <= nearPaths) return base;
  }
  return commit;
}

async function listIds(root: string): Promise<string[]> {
  return (await readdir(root).catch(() => [])).filter((entry) => safeId.test(entry));
}
