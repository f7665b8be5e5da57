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
