import { constants, type Dirent, type Stats } from 'node:fs';
import { chmod, lstat, open, readdir, type FileHandle } from 'node:fs/promises';
import { fromBytes, type BytePath } from './bytes-path.ts';

/** Names a place without the right to read it; Node has no name for this flag of Linux. */
const pathOnly = 0o10000000;
const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** As long as Linux takes a path, and far deeper than anybody's folders: each is opened from the root again. */
const longest = 4_095;
const deepest = 128;

/** What a file system says of a way that is not there: nothing, no folder, a link, or one that may not be gone. */
const noWay = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'ENAMETOOLONG'];

async function openFolder(place: Buffer, flags = 0): Promise<FileHandle | null> {
  try {
    return await open(place, pathOnly | O_DIRECTORY | flags);
  } catch (error) {
    if (noWay.includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

/**
 * Calls `use` with a name for `path` below `root` that stays below it, and answers what it answers; null where the way there
 * leads over anything but real folders. Each folder is held open while the next is looked for, so that nobody who moves them
 * meanwhile can put a link in the way. The last name is only looked up by `use`, which must not follow it. Nothing is found further
 * down than `deepest` folders: a tree can be made that deep for no other end than to be walked.
 */
export async function reach<T>(root: BytePath, path: BytePath, use: (place: Buffer) => Promise<T>): Promise<T | null> {
  const parts = path.length > longest ? [] : path.split('/');
  if (parts.length === 0 || parts.length > deepest) return null;
  const last = parts.pop()!;
  let folder = await openFolder(fromBytes(root));
  try {
    for (const part of parts) {
      if (folder === null) return null;
      const next = await openFolder(within(folder, part), O_NOFOLLOW);
      await folder.close();
      folder = next;
    }
    return folder === null ? null : await use(within(folder, last));
  } finally {
    await folder?.close();
  }
}

function within({ fd }: FileHandle, name: BytePath): Buffer {
  return fromBytes(`/proc/self/fd/${fd}/${name}`);
}

/** What lies at a path below `root`, reached over real folders only: what is below a link is not there. */
export async function lookBelow(root: BytePath, path: BytePath): Promise<Stats | null> {
  return reach(root, path, (place) => lstat(place).catch(() => null));
}

/** What a folder below `root` holds, `''` for `root` itself; nothing where there is no real folder. */
export async function entriesBelow(root: BytePath, folder: BytePath): Promise<Dirent<Buffer>[]> {
  const list = (place: Buffer) => readdir(place, { withFileTypes: true, encoding: 'buffer' }).catch(() => []);
  return (await reach(root, folder === '' ? '.' : `${folder}/.`, list)) ?? [];
}

/**
 * Opens the file below `root` for reading and lets `use` have it with its size; null where there is no plain file. Neither a
 * link nor a pipe that was put in its place meanwhile is followed or waited for.
 */
export async function readFileBelow<T>(
  root: BytePath,
  path: BytePath,
  use: (file: FileHandle, info: Stats) => Promise<T>,
): Promise<T | null> {
  return reach(root, path, async (place) => {
    const file = await open(place, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const info = await file.stat();
      return info.isFile() ? await use(file, info) : null;
    } finally {
      await file.close();
    }
  });
}

/** Gives a plain file more rights. A link that was put in its place meanwhile is left alone. */
export async function permit(place: Buffer, bits: number): Promise<void> {
  const held = await open(place, pathOnly | O_NOFOLLOW);
  try {
    const info = await held.stat();
    if (info.isFile()) await chmod(`/proc/self/fd/${held.fd}`, (info.mode & 0o7777) | bits);
  } finally {
    await held.close();
  }
}
