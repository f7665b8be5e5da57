import { isGitName } from '../../domain/scope/work-path.ts';
import { overlayPartsOf, type OverlayParts } from './base-file.ts';
import { lookAt, type BytePath } from './bytes-path.ts';
import { entriesBelow } from './reach.ts';

/**
 * Every path of a work tree that can differ from its commit, read from the overlay's upper layer: what was written,
 * what was taken away, what was replaced. More may be named than differ, never less. Null for a tree that is no overlay.
 */
export async function findTouched(tree: string): Promise<Set<BytePath> | null> {
  const parts = await overlayPartsOf(tree);
  if (parts === null) return null;
  const touched = new Set(parts.moved);
  await walk(parts, { folder: '', made: false }, touched);
  return touched;
}

type Below = {
  folder: BytePath;
  /** At or below what set-up made: there only files of the commit count. */
  made: boolean;
};

async function walk(parts: OverlayParts, { folder, made }: Below, touched: Set<BytePath>): Promise<void> {
  const { upper, lower, merged } = parts;
  const written = await entriesBelow(upper, folder);
  for (const entry of written) {
    const path = join(folder, entry.name);
    if (isGitName(text(entry.name))) continue;
    const below = { folder: path, made: made || parts.made.has(path) };
    const was = await lookAt(`${lower}/${path}`);
    if (below.made && was === null) continue;
    if (entry.isDirectory()) {
      if (was !== null && !was.isDirectory()) touched.add(path);
      await walk(parts, below, touched);
      continue;
    }
    // A character device is how an overlay says that something is gone.
    if (!entry.isCharacterDevice()) touched.add(path);
    await addLower(lower, path, touched);
  }
  // A folder that was removed and made again hides what it held without a word about each.
  const seen = new Set([...written, ...(await entriesBelow(merged, folder))].map((entry) => text(entry.name)));
  for (const entry of await entriesBelow(lower, folder)) {
    if (!seen.has(text(entry.name))) await addLower(lower, join(folder, entry.name), touched);
  }
}

async function addLower(lower: BytePath, path: BytePath, touched: Set<BytePath>): Promise<void> {
  const was = await lookAt(`${lower}/${path}`);
  if (was === null) return;
  if (!was.isDirectory()) return void touched.add(path);
  for (const entry of await entriesBelow(lower, path)) await addLower(lower, join(path, entry.name), touched);
}

const join = (folder: BytePath, name: Buffer): BytePath =>
  folder === '' ? name.toString('latin1') : `${folder}/${name.toString('latin1')}`;
const text = (name: Buffer): string => name.toString('latin1');
