import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import { adviceFor } from './advice.ts';
import { removeWritten } from './layer.ts';
import { entering, type Place } from './place.ts';

const everyMs = 250;
/** How long a measured size is believed while the disk tells of no growth that matters. */
const believedMs = 5_000;
/** The database lies on the same disk: this much of it no sandbox gets, or a twentieth of a small one. */
const floorBytes = 1024 ** 3;
const floorShare = 0.05;
/** What a sandbox on a full disk may still add: less is not what fills it. */
const slackBytes = 2 ** 20;
const slackEntries = 1_000;
/** What is written to see whether it is found. */
const shownBytes = 2 ** 16;
/** After so many looks in a row that told nothing, all is stopped: a limit that nobody can see is no limit. */
const mostBlind = 20;
/** A look that takes longer has no end: a tree can be made of so many files for no other end. */
const mostLookMs = 30_000;
/** While nothing runs there is time, and nobody is waiting for the answer. */
const mostStillMs = 60_000;
/** Each file costs the disk more than its content, and each later look time. */
const mostEntries = 2_000_000;

/** What the watch holds, beside the limit of the sandbox; other than these in tests only. */
type Bounds = { lookMs: number; stillMs: number; entries: number };
const bounds: Bounds = { lookMs: mostLookMs, stillMs: mostStillMs, entries: mostEntries };

type Room = { usedBytes: number; isLow: boolean; freeBytes: number; spareBytes: number };
type Size = { bytes: number; entries: number };

/** How much of the disk below a folder is taken, and whether what is left, in bytes or in files, is the floor. */
async function roomAt(folder: string): Promise<Room> {
  const { bsize, blocks, bfree, bavail, files, ffree } = await statfs(folder);
  const freeBytes = bavail * bsize;
  const spareBytes = freeBytes - Math.min(floorBytes, blocks * bsize * floorShare);
  const isLow = spareBytes < 0 || (files > 0 && ffree < files * floorShare);
  return { usedBytes: (blocks - bfree) * bsize, isLow, freeBytes, spareBytes };
}

/** What the disk of that folder has above the floor. */
export async function spareBytesAt(folder: string): Promise<number> {
  return Math.max(0, (await roomAt(folder)).spareBytes);
}

/** Throws `sandbox_unavailable` where the disk of that folder has no room for the work of a sandbox. */
export async function mustHaveRoom(folder: string): Promise<void> {
  const { isLow, freeBytes } = await roomAt(folder);
  if (!isLow) return;
  const left = `${Math.floor(freeBytes / 2 ** 20)} MiB`;
  throw new AppError(
    'sandbox_unavailable',
    `The disk that holds ${folder} is nearly full (${left} left): no sandbox is started, so that the database keeps its room. Free some space and try again.`,
  );
}

type Watched = { place: Place; limitBytes: number; onExceeded: () => Promise<void> };

/**
 * Looks four times a second whether the disk has grown by enough to matter, measures then, and says so when what a sandbox
 * wrote is more than its limit or too many files, or grows while the disk is nearly full. A look is not believed in while it
 * lasts: the disk is watched on, and where that grows by half a limit more than there was room for, or the look does not
 * end, all is stopped as if it had told the worst. `onExceeded` resolves when all is stopped; what is there then may stay, so
 * that an agent can remove it, but not grow. What cannot be measured for seconds is stopped too. A wall it is not: between
 * two looks a command can write more. What it can never have is the floor.
 */
export function watchDisk(watched: Watched, { lookMs, stillMs, entries: mostFiles } = bounds): () => void {
  const { place, limitBytes, onExceeded } = watched;
  const allowed: Size = { bytes: limitBytes, entries: mostFiles };
  let last: { bytes: number; used: number; at: number; tookMs: number } | null = null;
  let blind = 0;
  /** All was stopped and even so nobody knows how much there is. */
  let unknown = false;
  /** The least it took since the disk is nearly full: growing slowly is growing too. */
  let least: number | null = null;

  const isDue = ({ usedBytes, isLow }: Room) => {
    if (last === null || isLow) return true;
    const grown = usedBytes - last.used;
    if (grown >= (allowed.bytes - last.bytes) / 2) return true;
    // Others may have freed what this one took.
    return performance.now() - last.at > Math.max(believedMs, 20 * last.tookMs) && grown !== 0;
  };
  /** Others write on this disk too: what they can have written meanwhile is no reason to stop this one. */
  const mostGrowth = ({ isLow }: Room) => {
    if (unknown) return slackBytes;
    const others = isLow ? Math.min(limitBytes / 2, floorBytes / 16) : limitBytes / 2;
    return allowed.bytes - (last?.bytes ?? 0) + others;
  };
  const stop = async () => {
    await onExceeded();
    const left = await measure(place, AbortSignal.timeout(stillMs));
    last = null;
    least = null;
    unknown = left.size === null;
    allowed.bytes = Math.max(limitBytes, (left.size?.bytes ?? 0) + slackBytes);
    allowed.entries = Math.max(mostFiles, (left.size?.entries ?? 0) + slackEntries);
  };
  const isTooMuch = ({ bytes, entries }: Size, { isLow }: Room) => {
    least = isLow ? Math.min(least ?? bytes, bytes) : null;
    const filling = least !== null && bytes > least + slackBytes;
    const exceeded = bytes > allowed.bytes || entries > allowed.entries || filling;
    if (bytes <= limitBytes) allowed.bytes = limitBytes;
    if (entries <= mostFiles) allowed.entries = mostFiles;
    return exceeded;
  };
  const look = async () => {
    const room = await roomAt(place.path);
    if (!isDue(room)) return;
    const at = performance.now();
    const { size, cut } = await measureWatched(place, { room, most: mostGrowth(room), lookMs });
    if (cut) return stop();
    blind = size === null ? blind + 1 : 0;
    if (size === null) return blind % mostBlind === 0 ? onExceeded() : undefined;
    unknown = false;
    last = { bytes: size.bytes, used: room.usedBytes, at, tookMs: performance.now() - at };
    if (isTooMuch(size, room)) await stop();
  };
  return again(look);
}

/** Does something four times a second, never twice at once, until it is told to stop. */
function again(look: () => Promise<unknown>): () => void {
  let timer: NodeJS.Timeout | null = null;
  const next = () => {
    timer = setTimeout(() => {
      // A place that cannot be looked at is gone with its sandbox, or will be measured the next time.
      void look()
        .catch(() => undefined)
        .then(() => timer && next());
    }, everyMs);
    timer.unref();
  };
  next();
  return () => {
    if (timer) clearTimeout(timer);
    timer = null;
  };
}

type Looking = { room: Room; most: number; lookMs: number };

/** `cut`: it took too long, or the disk grew by more than `most` meanwhile. */
async function measureWatched(place: Place, { room, most, lookMs }: Looking) {
  const cut = new AbortController();
  const late = setTimeout(() => cut.abort(), lookMs);
  const watching = setInterval(() => {
    void roomAt(place.path).then(
      ({ usedBytes }) => usedBytes - room.usedBytes > most && cut.abort(),
      () => undefined,
    );
  }, everyMs);
  try {
    const { size } = await measure(place, cut.signal);
    return { size, cut: size === null && cut.signal.aborted };
  } finally {
    clearTimeout(late);
    clearInterval(watching);
  }
}

/**
 * The right to see into every folder, by the one program that may make a user namespace wherever sandboxes run: a host may
 * refuse that to every other. Given to du alone.
 */
const seeingAll =
  'bwrap --die-with-parent --unshare-user --uid 0 --gid 0 --cap-add CAP_DAC_READ_SEARCH --bind / / --'.split(' ');

type Measured = { size: Size | null; words: string };

/** An agent may shut its folders: only who is root over its files sees them all. */
async function measure(place: Place, signal: AbortSignal): Promise<Measured> {
  const bytes = await askDu(place, '--block-size=1', signal);
  if (bytes.number === null) return { size: null, words: bytes.words };
  const entries = await askDu(place, '--inodes', signal);
  const size = entries.number === null ? null : { bytes: bytes.number, entries: entries.number };
  return { size, words: entries.words };
}

async function askDu({ holder, path }: Place, what: string, signal: AbortSignal) {
  const inside = holder === null && process.getuid?.() !== 0 ? seeingAll : entering(holder);
  const [file, ...args] = [...inside, 'du', '-sx', what, '--', path];
  const child = spawn(file!, args, { stdio: ['ignore', 'pipe', 'pipe'], signal, killSignal: 'SIGKILL' });
  let words = '';
  // What ends while it is counted makes du complain, at any length, and count on.
  child.stderr.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(0, 1000)));
  child.once('error', (error: Error) => (words = error.message));
  const ended = new Promise((resolve) => child.once('close', resolve));
  const text = (await child.stdout.setEncoding('latin1').toArray()).join('');
  await ended;
  const number = signal.aborted ? Number.NaN : Number.parseInt(text, 10);
  return { number: Number.isSafeInteger(number) ? number : null, words };
}

/** Throws `sandbox_unavailable` where this process cannot find out what sandboxes write below `folder`. */
export async function mustMeasure(folder: string): Promise<void> {
  const path = await mkdtemp(join(folder, 'measured-'));
  try {
    await mkdir(join(path, 'shut'));
    await writeFile(join(path, 'shut/file'), Buffer.alloc(shownBytes, 1));
    await chmod(join(path, 'shut'), 0o300);
    const { size, words } = await measure({ holder: null, path }, AbortSignal.timeout(mostStillMs));
    if ((size?.bytes ?? 0) >= shownBytes) return;
    throw new AppError(
      'sandbox_unavailable',
      `What sandboxes write below ${folder} cannot be measured, so no limit on it would hold: ${words.trim()}\n${adviceFor(words)}`.trim(),
    );
  } finally {
    await removeWritten(path);
  }
}
