import { readlinkSync } from 'node:fs';
import { lstat, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeWritten } from './layer.ts';
import { isOver, lifeOf } from './life.ts';

/** A process is known by its number only among those that it is counted with: containers may share a temporary folder. */
const counted = () => /\d+/u.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '';

/**
 * A folder of this process for what is needed here of a sandbox that is made elsewhere. In the system's temporary folder,
 * because the name of a socket must be short; `sweepScratch` takes it once the process is gone.
 */
export function scratchFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), `fleet-${counted()}-${lifeOf(process.pid)}.`));
}

/** Removes what processes that are gone left of theirs; says how much it was. */
export async function sweepScratch(): Promise<number> {
  const own = new RegExp(`^fleet-${counted()}-(\\d+-\\d+)\\.\\w+$`, 'u');
  let swept = 0;
  for (const name of await readdir(tmpdir())) {
    const life = own.exec(name)?.[1];
    if (life === undefined || !isOver(life)) continue;
    const path = join(tmpdir(), name);
    const found = await lstat(path).catch(() => null);
    // Everybody may make a folder there.
    if (!found?.isDirectory() || found.uid !== process.getuid?.()) continue;
    await removeWritten(path);
    swept += 1;
  }
  return swept;
}
