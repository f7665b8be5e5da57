import { createHash } from 'node:crypto';
import { lstat, opendir, statfs } from 'node:fs/promises';
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

type Entry = { name: Buffer; isDirectory(): boolean };

/** What is in a folder as it comes, at most `most`: a folder may hold more than there is memory for. */
async function entriesOf(place: Buffer, most: number): Promise<Entry[] | null> {
  // Node answers names as bytes where it is asked to; its types do not say so.
  const folder = (await opendir(place, { encoding: 'buffer' as BufferEncoding })) as unknown as AsyncIterable<Entry>;
  const entries: Entry[] = [];
  for await (const entry of folder) {
    if (entries.length === most) return null;
    entries.push(entry);
  }
  return entries;
}

/**
 * Names for what a folder of the host holds, for while nobody can write to it: between two looks that came to the same
 * name nothing was written, if its file system `tellsWrites`. It is made of each entry's inode and time of change, which nobody can set: a write, a mode, an
 * owner, a link or a name moves it on, and that of a folder where something comes or goes. Null where that cannot be told:
 * something is too young or cannot be read, or there is too much; once there was, nobody looks again. `now` in ms, by the clock
 * of the host.
 */
export function layerStates(layer: BytePath): (now: number) => Promise<string | null> {
  let isFull = false;
  return async (now) => {
    if (isFull) return null;
    const answer = await layerState(layer, now).catch(() => null);
    isFull = answer === 'full';
    return answer === null || answer === 'full' ? null : answer.name;
  };
}

async function layerState(layer: BytePath, now: number): Promise<{ name: string } | 'full' | null> {
  const hash = createHash('sha256');
  const old = BigInt(Math.floor(now - youngMs)) * 1_000_000n;
  let room = mostEntries;

  const note = async (place: Buffer, path: BytePath): Promise<boolean> => {
    const { dev, ino, mode, size, ctimeNs } = await lstat(place, { bigint: true });
    hash.update(`${path}\0${dev} ${ino} ${mode} ${size} ${ctimeNs}\0`, 'latin1');
    return ctimeNs < old;
  };
  const folders: BytePath[] = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const at = folder;
    const look = async (place: Buffer) => {
      const entries = await entriesOf(place, room);
      if (entries === null) return 'full';
      room -= entries.length;
      if (!(await note(place, at))) return null;
      for (const entry of entries) {
        const path = at + entry.name.toString('latin1');
        if (entry.isDirectory()) folders.push(`${path}/`);
        else if (!(await note(Buffer.concat([place, fromBytes('/'), entry.name]), path))) return null;
      }
      return 'seen';
    };
    const seen = await reach(layer, `${folder}.`, look);
    if (seen !== 'seen') return seen;
  }
  return { name: hash.digest('hex') };
}
