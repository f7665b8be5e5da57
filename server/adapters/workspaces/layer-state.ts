import { createHash } from 'node:crypto';
import { lstat, readdir, statfs } from 'node:fs/promises';
import { fromBytes, type BytePath } from './bytes-path.ts';
import { reach } from './reach.ts';

/** Of a layer with more entries nothing is said: to look at each costs as much as what this is to save. */
const mostEntries = 1_000;

/** A file system may tell times by the second: what changed less long ago may change once more and look the same. */
const youngMs = 2_000;

/** File systems of Linux that move the time of change on with the first write to each mapped page: ext2 to ext4, XFS, Btrfs. */
const timedTypes = [0xef53, 0x58465342, 0x9123683e];

/** Whether no write to a file in a folder leaves its times as they are. A file on tmpfs may be mapped and written so. */
export async function tellsWrites(folder: BytePath): Promise<boolean> {
  const found = await statfs(fromBytes(folder)).catch(() => null);
  return found !== null && timedTypes.includes(found.type);
}

/**
 * A name for what a folder of the host holds, for while nobody can write to it: between two looks that came to the same
 * name nothing was written, if its file system `tellsWrites`. It is made of each entry's inode and time of change, which nobody can set: a write, a mode, an
 * owner, a link or a name moves it on, and that of a folder where something comes or goes. Null where that cannot be told:
 * something is too young or cannot be read, or there is too much. `now` in ms, by the clock of the host.
 */
export async function layerState(layer: BytePath, now: number): Promise<string | null> {
  const hash = createHash('sha256');
  const old = BigInt(Math.floor(now - youngMs)) * 1_000_000n;
  let room = mostEntries;

  const note = async (place: Buffer, path: BytePath): Promise<boolean> => {
    const { dev, ino, mode, size, ctimeNs } = await lstat(place, { bigint: true });
    hash.update(`${path}\0${dev} ${ino} ${mode} ${size} ${ctimeNs}\0`, 'latin1');
    return ctimeNs < old;
  };
  const walk = async (folder: BytePath): Promise<boolean> => {
    const below: BytePath[] = [];
    const settled = await reach(layer, `${folder}.`, async (place) => {
      const entries = await readdir(place, { withFileTypes: true, encoding: 'buffer' });
      room -= entries.length;
      if (room < 0 || !(await note(place, folder))) return false;
      for (const entry of entries) {
        const name = entry.name.toString('latin1');
        if (entry.isDirectory()) below.push(`${folder}${name}/`);
        else if (!(await note(Buffer.concat([place, fromBytes(`/${name}`)]), folder + name))) return false;
      }
      return true;
    });
    if (settled !== true) return false;
    for (const each of below) if (!(await walk(each))) return false;
    return true;
  };
  const known = await walk('').catch(() => false);
  return known ? hash.digest('hex') : null;
}
