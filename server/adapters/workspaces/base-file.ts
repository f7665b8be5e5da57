import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { placeOf } from '../sandbox/place.ts';
import { fromBytes, toBytes, type BytePath } from './bytes-path.ts';

/** How a work tree is laid out; the lower rungs are for hosts that refuse the ones above. */
export const rungs = ['overlay', 'copy', 'checkout'] as const;
export type Rung = (typeof rungs)[number];

/**
 * What a workspace stands on. Written before anything it names is used, so that a reference is never missing, whatever
 * instant the process dies at; `whole` is set when the tree is complete.
 */
const base = z.object({
  rung: z.enum(rungs),
  mirror: z.string(),
  commit: z.string(),
  /** The shared checkout below the tree, by its commit; null where the tree shares nothing. */
  checkout: z.string().nullable(),
  /** The set-up layer below the tree, by its key. */
  setup: z.string().nullable(),
  /** The process that a tree made to be thrown away belongs to, by `lifeOf`; null for one that is kept. */
  maker: z.string().nullable().default(null),
  whole: z.boolean(),
});
export type Base = z.infer<typeof base>;

const name = 'base.json';

/** Null where there is none, or one that a crash cut off. */
export async function readBase(folder: string): Promise<Base | null> {
  const text = await readFile(join(folder, name), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return base.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

export async function writeBase(folder: string, value: Base): Promise<void> {
  await writeFile(join(folder, `${name}.new`), JSON.stringify(value), { flush: true });
  await rename(join(folder, `${name}.new`), join(folder, name));
}

/** Paths in which a tree differs from the checkout below it because its commit is another one. */
export async function writeMoved(folder: string, paths: BytePath[]): Promise<void> {
  await writeFile(join(folder, 'moved'), fromBytes(paths.join('\0')));
}

/** Topmost paths that set-up made in the tree of a folder: what lies there is no part of a commit that has no such file. */
export async function writeMade(folder: string, paths: BytePath[]): Promise<void> {
  await writeFile(join(folder, 'made'), fromBytes(paths.join('\0')));
}

/** Of any tree; empty for one that no set-up was run for. */
export async function readMade(tree: string): Promise<BytePath[]> {
  const { holder, path } = placeOf(tree);
  const text = await readFile(join(holder === null ? dirname(path) : dirname(dirname(path)), 'made'), 'latin1').catch(
    () => '',
  );
  return text === '' ? [] : text.split('\0');
}

/** The folders an overlay is made of, as the host has them. */
export type OverlayParts = {
  upper: BytePath;
  lower: BytePath;
  merged: BytePath;
  moved: BytePath[];
  made: Set<BytePath>;
};

/** Null for a tree that is no overlay of a workspace. */
export async function overlayPartsOf(tree: string): Promise<OverlayParts | null> {
  const { holder, path } = placeOf(tree);
  if (holder === null) return null;
  const folder = dirname(dirname(path));
  const found = await readBase(folder);
  if (found === null || found.rung !== 'overlay' || found.checkout === null) return null;
  const moved = await readFile(join(folder, 'moved'), 'latin1').catch(() => '');
  const lower = join(dirname(dirname(folder)), 'checkouts', found.mirror, found.checkout);
  return {
    upper: toBytes(join(folder, 'upper')),
    lower: toBytes(lower),
    merged: toBytes(tree),
    moved: moved === '' ? [] : moved.split('\0'),
    made: new Set(await readMade(tree)),
  };
}
