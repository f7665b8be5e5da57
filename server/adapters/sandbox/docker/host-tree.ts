import { spawn } from 'node:child_process';
import { chmod, lstat, mkdir, open, rm, symlink } from 'node:fs/promises';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract, type Header } from 'tar-stream';
import { AppError } from '../../../domain/errors.ts';
import { toBytes } from '../../workspaces/bytes-path.ts';
import { entriesBelow, reach } from '../../workspaces/reach.ts';
import { spareBytesAt } from '../disk-watch.ts';
import { compareListings, isTreePath, type TreeEntry, type TreeListing } from './tree-listing.ts';

type Archive = { archive: Readable; ended: Promise<void> };

/** A host folder as a tar archive whose entries belong to the sandbox's user. */
export function packTree(tree: string): Archive {
  const owner = ['--owner=1000', '--group=1000', '--numeric-owner'];
  const args = ['-C', tree, '--format=gnu', '--hard-dereference', '--ignore-failed-read', ...owner, '-cf', '-', '.'];
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' } as unknown as NodeJS.ProcessEnv;
  const child = spawn('tar', args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-2000)));
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', (error) => reject(failed(error.message)));
    // 1: a file changed while it was read.
    child.once('close', (code) => (code === 0 || code === 1 ? resolve() : reject(failed(words.trim()))));
  });
  ended.catch(() => undefined);
  // Node throws away what nobody reads when a child ends, and the reader may come later.
  return { archive: child.stdout.pipe(new PassThrough()), ended };
}

const failed = (words: string) => new AppError('sandbox_unavailable', `The work tree could not be packed: ${words}`);

/** `mostBytes`: what all files of the tree together may hold. */
type Update = { tree: string; before: TreeListing; now: TreeListing; mostBytes: number };

/**
 * Brings a host folder from one listing to the next. `fetch` gives the archive of the named files. Each path is checked
 * here again, whatever the listings say: nothing is made or removed but over folders that are real and held open, an entry
 * must be one that was asked for, and nothing but plain files is taken from an archive. Resolves with what the folder holds
 * now; where it throws, what the folder holds is neither listing.
 */
export async function updateTree(
  { tree, before, now, mostBytes }: Update,
  fetch: (paths: string[]) => Promise<Archive>,
): Promise<TreeListing> {
  for (const path of now.keys()) mustBePlace(tree, path);
  const { gone, changed } = compareListings(before, now);
  const wanted = new Set(changed.filter((path) => now.get(path)?.kind === 'file'));
  const growth = await roomToGrow({ tree, now, wanted, mostBytes });
  for (const path of gone) await remove(tree, path);
  const got: TreeListing = new Map(now);
  for (const path of changed) {
    const entry = now.get(path)!;
    if (entry.kind === 'folder') await makeFolder(tree, path, entry);
    if (entry.kind === 'link') await makeLink(tree, path, entry);
  }
  if (wanted.size > 0) {
    await takeFiles({ tree, now, wanted, growth }, await fetch([...wanted]));
    for (const path of wanted) {
      // It went while it was to be read.
      await remove(tree, path);
      got.delete(path);
    }
  }
  return got;
}

type Asked = { tree: string; now: TreeListing; wanted: Set<string>; mostBytes: number };

/**
 * By how much all files together may have grown since they were listed. Throws before anything is touched where the disk has
 * no room for what is to come; what is there already may not go before it is.
 */
async function roomToGrow({ tree, now, wanted, mostBytes }: Asked): Promise<number> {
  const sum = (paths: Iterable<string>) => [...paths].reduce((bytes, path) => bytes + now.get(path)!.size, 0);
  const files = [...now].filter(([, { kind }]) => kind === 'file').map(([path]) => path);
  const spare = (await spareBytesAt(tree)) - sum(wanted);
  if (wanted.size > 0 && spare < 0) throw noRoom(tree, sum(wanted));
  return Math.min(spare, mostBytes - sum(files));
}

/** What a host folder holds, whatever was said of it before: by kind alone, so that each entry differs from any listing. */
export async function hostListing(tree: string): Promise<TreeListing> {
  const held: TreeListing = new Map();
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await entriesBelow(toBytes(tree), folder)) {
      const name = entry.name.toString('latin1');
      const path = folder === '' ? name : `${folder}/${name}`;
      const kind = entry.isDirectory() ? 'folder' : entry.isSymbolicLink() ? 'link' : 'file';
      held.set(path, { kind, mode: 0, size: 0, mtime: 0, target: '', mark: '' });
      if (kind === 'folder') folders.push(path);
    }
  }
  return held;
}

/** As long as the names of a host may be: what lies deeper, nothing here could remove again. */
const mostPath = 4000;

function mustBePlace(tree: string, path: string): void {
  if (!isTreePath(path) || Buffer.byteLength(tree) + path.length > mostPath) throw refusedEntry(path);
}

/** Calls `use` with a name for a path that leads there over real folders alone; null where anything else is on the way. */
async function at<T>(tree: string, path: string, use: (place: Buffer) => Promise<T>): Promise<T | null> {
  mustBePlace(tree, path);
  return reach(toBytes(tree), path, use);
}

/** What is below a link or a file is not there. */
async function remove(tree: string, path: string): Promise<void> {
  await at(tree, path, (place) => rm(place, { recursive: true, force: true }));
}

/** The same for what has to come to be at that path. */
async function put(tree: string, path: string, use: (place: Buffer) => Promise<void>): Promise<void> {
  if ((await at(tree, path, async (place) => (await use(place), true))) === null) throw refusedEntry(path);
}

async function makeFolder(tree: string, path: string, { mode }: TreeEntry): Promise<void> {
  await put(tree, path, async (place) => {
    const found = await lstat(place).catch(() => null);
    if (found?.isDirectory()) return;
    await rm(place, { force: true });
    await mkdir(place);
  });
  await reach(toBytes(tree), `${path}/.`, (place) => chmod(place, (mode & 0o777) | 0o700));
}

async function makeLink(tree: string, path: string, { target }: TreeEntry): Promise<void> {
  await put(tree, path, async (place) => {
    await rm(place, { recursive: true, force: true });
    // Where it leads is the repository's business: nothing here follows it.
    await symlink(Buffer.from(target, 'latin1'), place);
  });
}

type Taken = AsyncIterable<Uint8Array> & { header: Header };
type Taking = { tree: string; now: TreeListing; wanted: Set<string>; growth: number };

async function takeFiles(taking: Taking, { archive, ended }: Archive): Promise<void> {
  const entries = extract({ filenameEncoding: 'latin1' } as object);
  const read = pipeline(archive, entries as unknown as NodeJS.WritableStream);
  read.catch(() => undefined);
  for await (const entry of entries) await takeFile(taking, entry as unknown as Taken);
  await Promise.all([read, ended]);
}

async function takeFile(taking: Taking, entry: Taken): Promise<void> {
  const { tree, now, wanted } = taking;
  const { name, type, size } = entry.header;
  const known = now.get(name);
  if (type !== 'file' || known?.kind !== 'file' || !wanted.delete(name)) throw refusedEntry(name);
  taking.growth -= Math.max(0, size - known.size);
  // A size that is no number is none that is allowed.
  if (!(taking.growth >= 0)) throw refusedEntry(name);
  await put(tree, name, async (place) => {
    await rm(place, { recursive: true, force: true });
    const file = await open(place, 'wx', 0o600);
    try {
      for await (const chunk of entry) await file.writeFile(chunk);
      await file.chmod(known.mode & 0o777);
      await file.utimes(known.mtime, known.mtime);
    } finally {
      await file.close();
    }
  });
}

function noRoom(tree: string, bytes: number): AppError {
  return new AppError(
    'sandbox_unavailable',
    `The disk that holds ${tree} has no room for ${Math.ceil(bytes / 2 ** 20)} MiB from the container. Free some space and try again.`,
  );
}

function refusedEntry(path: string): AppError {
  const name = JSON.stringify(path.slice(0, 200));
  return new AppError('sandbox_unavailable', `The work tree in the container was not taken over: ${name} is refused.`);
}
