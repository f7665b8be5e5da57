import { mkdir, readdir } from 'node:fs/promises';
import { AppError } from '../../../domain/errors.ts';
import type { SandboxLimits } from '../../../domain/ports/sandbox.ts';
import type { ContainerShell } from './container-shell.ts';
import { hostListing, packTree, updateTree } from './host-tree.ts';
import { gatherScript, streamScript } from './transfer.ts';
import {
  listScript,
  partsOfListing,
  readListing,
  receiveScript,
  restoreModes,
  sendScript,
  type TreeEntry,
  type TreeListing,
} from './tree-listing.ts';

const mostEntries = 1_000_000;
const mostListingBytes = 128 * 2 ** 20;

type Making = { make(): Promise<ContainerShell>; limits: SandboxLimits };

/** A work tree that lives on an engine, and a host folder that follows it. */
export type WorkVolume = {
  /** Brings the host folder up to date. One at a time. */
  bringTo(tree: string): Promise<void>;
  /** Fills an empty host folder. */
  copyTo(tree: string): Promise<void>;
};

/** Fills the volume that `make`'s shells have as `/work` from a host folder. Throws `sandbox_unavailable`. */
export async function fillVolume({ make }: Pick<Making, 'make'>, from: string): Promise<void> {
  if ((await readdir(from)).length === 0) return;
  const { archive, ended } = packTree(from);
  await gatherScript(await make(), { script: receiveScript, input: archive, maxBytes: 64 * 1024 });
  await ended;
}

/** The volume as it stands is what the host folder holds already. */
export async function workVolume(making: Making): Promise<WorkVolume> {
  const first = await list(making);
  await restore(making, first);
  /** Null while nobody knows: what was remembered of a folder that was left half done would be believed. */
  let held: TreeListing | null = first;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const mine = last.then(act);
    last = mine.catch(() => undefined);
    return mine;
  };
  return {
    bringTo: (tree) =>
      inTurn(async () => {
        const now = await list(making);
        const before = held;
        held = null;
        held = await take(making, { tree, before: async () => before ?? hostListing(tree), now });
      }),
    copyTo: (tree) =>
      inTurn(async () => {
        await mkdir(tree, { recursive: true });
        if ((await readdir(tree)).length > 0) {
          throw new AppError('sandbox_unavailable', 'The folder for the copy of this sandbox is not empty.');
        }
        await take(making, { tree, before: async () => new Map(), now: await list(making) });
      }),
  };
}

/** To list a tree opens what its agent has shut: where no listing comes of it, all is shut again as far as it was told. */
async function list({ make, limits }: Making): Promise<TreeListing> {
  const chunks: Buffer[] = [];
  try {
    const bytes = await gatherScript(await make(), {
      script: listScript,
      input: null,
      maxBytes: mostListingBytes,
      chunks,
    });
    return readListing(bytes, { entries: mostEntries, bytes: limits.diskBytes });
  } catch (error) {
    // What it failed of is what there is to say.
    await restore({ make }, partsOfListing(Buffer.concat(chunks))).catch(() => undefined);
    throw error;
  }
}

async function restore({ make }: Pick<Making, 'make'>, listing: Iterable<[string, TreeEntry]>): Promise<void> {
  const closed = restoreModes(listing);
  if (closed !== null) await gatherScript(await make(), { ...closed, maxBytes: 64 * 1024 });
}

type Taking = { tree: string; before: () => Promise<TreeListing>; now: TreeListing };

async function take(making: Making, { tree, before, now }: Taking): Promise<TreeListing> {
  const names = (paths: string[]) => Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1');
  const fetch = async (paths: string[]) => {
    const { output, ended } = await streamScript(await making.make(), {
      script: sendScript,
      input: names(paths),
      fine: 1,
    });
    return { archive: output, ended };
  };
  const update = async () =>
    updateTree({ tree, before: await before(), now, mostBytes: making.limits.diskBytes }, fetch);
  const held = await update().catch(async (error: unknown) => {
    await restore(making, now).catch(() => undefined);
    throw error;
  });
  await restore(making, now);
  return held;
}
