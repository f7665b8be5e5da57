// A zip file says twice what is in it: before each file, and in a directory at its end. Programs read the one or the other, so a file
// that says two things would be verified as one and opened as another.

export type Unpacked = { name: string; size: number };

const longestEnd = 22;
const headBytes = 30;
const entryBytes = 46;
/** What may follow a file's data: nothing, or its checksum and sizes, with or without a mark before them. */
const trailers = new Set([0, 12, 16]);
const wraps = 2 ** 32;

/** Keeps the last bytes of what goes by: more than the directory of a few files takes. */
export class ZipTail {
  #kept = new Uint8Array();
  #total = 0;

  take(chunk: Uint8Array): void {
    this.#total += chunk.length;
    const both = new Uint8Array(this.#kept.length + chunk.length);
    both.set(this.#kept);
    both.set(chunk, this.#kept.length);
    this.#kept = both.slice(-65_536);
  }

  /** Whether the directory lists exactly what was unpacked, one file right behind the other from the first byte on, and nothing else. */
  lists(unpacked: readonly Unpacked[]): boolean {
    const tail = this.#kept;
    const view = new DataView(tail.buffer, tail.byteOffset, tail.length);
    const end = tail.length - longestEnd;
    if (end < 0 || view.getUint32(end, true) !== 0x06054b50 || view.getUint16(end + 20, true) !== 0) return false;
    const [count, size] = [view.getUint16(end + 10, true), view.getUint32(end + 12, true)];
    const start = end - size;
    const startsAt = (this.#total - tail.length + start) % wraps;
    if (count !== unpacked.length || start < 0 || view.getUint32(end + 16, true) !== startsAt) return false;
    return entriesFit(view, { at: start, end, startsAt, unpacked });
  }
}

type Directory = { at: number; end: number; startsAt: number; unpacked: readonly Unpacked[] };

function entriesFit(view: DataView, { at, end, startsAt, unpacked }: Directory): boolean {
  let place = at;
  let due = new Set([0]);
  for (const { name, size } of unpacked) {
    if (place + entryBytes > end || view.getUint32(place, true) !== 0x02014b50) return false;
    const [packed, whole] = [view.getUint32(place + 20, true), view.getUint32(place + 24, true)];
    const [named, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(place + offset, true)) as [
      number,
      number,
      number,
    ];
    if (place + entryBytes + named > end) return false;
    const said = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + place + entryBytes, named));
    const offset = view.getUint32(place + 42, true);
    if (said !== name || whole !== size % wraps || !due.has(offset)) return false;
    due = new Set([...trailers].map((more) => (offset + headBytes + named + packed + more) % wraps));
    place += entryBytes + named + extra + comment;
  }
  return place === end && due.has(startsAt);
}
