import { lstat } from 'node:fs/promises';
import type { Stats } from 'node:fs';

/**
 * Paths as Linux has them: any bytes but NUL. Kept as strings in which every character is one byte, so that they compare,
 * sort and split like text and lose nothing.
 */
export type BytePath = string;

export const toBytes = (text: string): BytePath => Buffer.from(text).toString('latin1');
export const fromBytes = (path: BytePath): Buffer => Buffer.from(path, 'latin1');

/** Null where there is nothing, or nothing that can be looked at. */
export async function lookAt(path: BytePath): Promise<Stats | null> {
  return lstat(fromBytes(path)).catch(() => null);
}

/** What lies at a path below `root`, reached over real folders only: what is below a link is not there. */
export async function lookBelow(root: BytePath, path: BytePath): Promise<Stats | null> {
  const parts = path.split('/');
  for (let depth = 1; depth < parts.length; depth += 1) {
    const folder = await lookAt(`${root}/${parts.slice(0, depth).join('/')}`);
    if (!folder?.isDirectory()) return null;
  }
  return lookAt(`${root}/${path}`);
}
