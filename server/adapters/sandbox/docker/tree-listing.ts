import { AppError } from '../../../domain/errors.ts';

/** One entry of a work tree. Paths and link targets are bytes, carried as latin1 text. */
export type TreeEntry = {
  kind: 'file' | 'folder' | 'link';
  mode: number;
  size: number;
  mtime: number;
  target: string;
  mark: string;
};

/** By path relative to the tree, parents before their children. */
export type TreeListing = Map<string, TreeEntry>;

const kinds: Record<string, TreeEntry['kind']> = { f: 'file', d: 'folder', l: 'link' };

/**
 * Lists a work tree from inside. What its owner took his own rights to is opened after its mode was noted, since nobody
 * in a container without capabilities could read it. What is neither file, folder nor link is no state.
 */
export const listScript = `cd /work && find . -mindepth 1 \\( -type f -o -type d -o -type l \\) -printf '%y %m %s %T@ %C@ %l\\0%P\\0' \\
\\( -type d ! -perm -700 -exec chmod u+rwx {} \\; -o -type f ! -perm -400 -exec chmod u+r {} \\; -o -true \\) 2>/dev/null; exit 0`;

/** Takes again the rights that listing gave; null where there is nothing to do. Folders last, the deepest first. */
export function restoreModes(listing: Iterable<[string, TreeEntry]>): { script: string; input: Uint8Array } | null {
  const lacks = ({ kind, mode }: TreeEntry) => (kind === 'folder' ? (mode & 0o700) !== 0o700 : (mode & 0o400) === 0);
  const closed = [...listing].filter(([, entry]) => entry.kind !== 'link' && lacks(entry)).reverse();
  if (closed.length === 0) return null;
  const lines = closed.map(([path, { mode }]) => `${mode.toString(8)} ${path}\0`).join('');
  const script = `cd /work && while IFS= read -r -d '' e; do chmod -- "\${e%% *}" "./\${e#* }"; done 2>/dev/null; exit 0`;
  return { script, input: Buffer.from(lines, 'latin1') };
}

/** What can be read of a listing that is refused or was cut off, so that the rights it gave can be taken again; a part at a time. */
export function* partsOfListing(bytes: Buffer): Generator<[string, TreeEntry]> {
  let from = 0;
  const next = () => {
    const end = bytes.indexOf(0, from);
    if (end < 0) return null;
    const text = bytes.toString('latin1', from, end);
    from = end + 1;
    return text;
  };
  for (let head = next(), path = next(); head !== null && path !== null; head = next(), path = next()) {
    const entry = readEntry(head);
    if (entry !== null && isTreePath(path)) yield [path, entry];
  }
}

/** Sends the files that are named on its input as a tar archive: files alone, every link to one as a file of its own. */
export const sendScript =
  'tar -C /work --format=gnu --no-recursion --null --verbatim-files-from -T - --hard-dereference --ignore-failed-read -cf - 2>/dev/null';

/** Takes a whole tree. */
export const receiveScript = 'tar -C /work -xpf - 2>&1';

/** The names of entries lead to no other place than below the tree, whatever the sandbox says they are. */
export function isTreePath(path: string): boolean {
  return (
    path !== '' && !path.split('/').some((part) => part === '' || part === '.' || part === '..') && !path.includes('\0')
  );
}

/** Throws `sandbox_unavailable` for what is no listing of an honest tree, and for more than `most` allows. */
export function readListing(bytes: Buffer, most: { entries: number; bytes: number }): TreeListing {
  // Before anything is made of it: text and fields take many times the room of the bytes.
  mustNotBeMore(bytes, most.entries);
  const fields = bytes.toString('latin1').split('\0');
  if (fields.pop() !== '' || fields.length % 2 !== 0) throw refused('it was cut short');
  const listing: TreeListing = new Map();
  let total = 0;
  for (let i = 0; i < fields.length; i += 2) {
    const entry = readEntry(fields[i]!);
    const path = fields[i + 1]!;
    if (entry === null || !isTreePath(path)) throw refused('it names something that is no place in a work tree');
    if (listing.has(path)) throw refused('it names one place twice');
    listing.set(path, entry);
    total += entry.kind === 'file' ? entry.size : 0;
  }
  mustHang(listing);
  if (total > most.bytes) throw refused(`its files hold ${total} bytes, more than the ${most.bytes} allowed`);
  return new Map([...listing].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function mustNotBeMore(bytes: Buffer, entries: number): void {
  let fields = 0;
  for (let at = bytes.indexOf(0); at >= 0; at = bytes.indexOf(0, at + 1)) {
    fields += 1;
    if (fields > 2 * entries) throw refused(`it has more than ${entries} entries`);
  }
}

/** Nothing is below a file or a link, or a folder that is not named. */
function mustHang(listing: TreeListing): void {
  for (const path of listing.keys()) {
    const end = path.lastIndexOf('/');
    if (end >= 0 && listing.get(path.slice(0, end))?.kind !== 'folder')
      throw refused('it names something below no folder');
  }
}

function readEntry(text: string): TreeEntry | null {
  const found = /^([fdl]) ([0-7]+) (\d+) (-?\d+\.\d+) (-?\d+\.\d+) ([^]*)$/u.exec(text);
  if (!found) return null;
  const [, kind = '', mode = '', size = '', mtime = '', , target = ''] = found;
  return {
    kind: kinds[kind]!,
    mode: Number.parseInt(mode, 8),
    size: Number(size),
    mtime: Number(mtime),
    target,
    // The time of the last change of any kind cannot be set back from inside.
    mark: kind === 'd' ? `d ${mode}` : text,
  };
}

export type TreeDifference = { gone: string[]; changed: string[] };

/** What a tree that stood at `before` must lose and get to stand at `now`. */
export function compareListings(before: TreeListing, now: TreeListing): TreeDifference {
  const gone = [...before.keys()].filter((path) => now.get(path)?.kind !== before.get(path)?.kind);
  const changed = [...now].filter(([path, entry]) => before.get(path)?.mark !== entry.mark).map(([path]) => path);
  return { gone, changed };
}

function refused(why: string): AppError {
  return new AppError('sandbox_unavailable', `The work tree in the container was not taken over: ${why}.`);
}
