import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Reaped } from '../../domain/ports/sandbox.ts';
import { findCgroups } from './cgroups.ts';
import { removeWritten } from './layer.ts';
import { isOver } from './life.ts';

/** Removes the folders of processes that are gone; says how many sandboxes they held. */
export async function sweepFolders(root: string): Promise<number> {
  let sandboxes = 0;
  for (const name of await readdir(root)) {
    const life = /^\d+-\d+(?=\.)/u.exec(name)?.[0];
    if (life === undefined || !isOver(life)) continue;
    const left = await readdir(join(root, name)).catch(() => []);
    sandboxes += left.filter((entry) => /^[a-z]+_[^.]*\./u.test(entry)).length;
    await removeWritten(join(root, name));
  }
  return sandboxes;
}

/** What killed processes left below `root` and in the host's control groups. */
export async function reap(root: string): Promise<Reaped> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const [sandboxes, { swept }] = await Promise.all([sweepFolders(root), findCgroups()]);
  return { sandboxes, processes: swept };
}
