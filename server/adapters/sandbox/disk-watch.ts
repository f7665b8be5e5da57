import { spawn } from 'node:child_process';
import { once } from 'node:events';
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
/** What is written to see whether it is found. */
const shownBytes = 2 ** 16;
/** After so many looks in a row that told nothing, all is stopped: a limit that nobody can see is no limit. */
const mostBlind = 20;

type Room = { usedBytes: number; isLow: boolean; freeBytes: number; spareBytes: number };

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

/**
 * Looks four times a second whether the disk has grown by enough to matter, measures then, and says so when what a sandbox
 * wrote is more than its limit, or grows while the disk is nearly full. `onExceeded` resolves when all is stopped; what is
 * there then may stay, so that an agent can remove it, but not grow. What cannot be measured for seconds is stopped too. A
 * wall it is not: between two looks a command can write more. What it can never have is the floor.
 */
export function watchDisk(watched: { place: Place; limitBytes: number; onExceeded: () => Promise<void> }): () => void {
  const { place, limitBytes, onExceeded } = watched;
  let allowed = limitBytes;
  let last: { bytes: number; used: number; at: number; tookMs: number } | null = null;
  let timer: NodeJS.Timeout | null = null;
  let blind = 0;
  /** The least it took since the disk is nearly full: growing slowly is growing too. */
  let least: number | null = null;

  const isDue = ({ usedBytes, isLow }: Room) => {
    if (last === null || isLow) return true;
    const grown = usedBytes - last.used;
    if (grown >= (allowed - last.bytes) / 2) return true;
    // Others may have freed what this one took.
    return performance.now() - last.at > Math.max(believedMs, 20 * last.tookMs) && grown !== 0;
  };
  const look = async () => {
    const room = await roomAt(place.path);
    if (!isDue(room)) return;
    const at = performance.now();
    const { bytes } = await measure(place);
    blind = bytes === null ? blind + 1 : 0;
    if (bytes === null) return blind % mostBlind === 0 ? onExceeded() : undefined;
    last = { bytes, used: room.usedBytes, at, tookMs: performance.now() - at };
    least = room.isLow ? Math.min(least ?? bytes, bytes) : null;
    const filling = least !== null && bytes > least + slackBytes;
    const exceeded = bytes > allowed || filling;
    if (bytes <= limitBytes) allowed = limitBytes;
    if (!exceeded) return;
    await onExceeded();
    const left = (await measure(place)).bytes ?? bytes;
    last = null;
    least = null;
    allowed = Math.max(limitBytes, left + slackBytes);
  };
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

/**
 * The right to see into every folder, by the one program that may make a user namespace wherever sandboxes run: a host may
 * refuse that to every other. Given to du alone.
 */
const seeingAll = 'bwrap --unshare-user --uid 0 --gid 0 --cap-add CAP_DAC_READ_SEARCH --bind / / --'.split(' ');

/** An agent may shut its folders: only who is root over its files sees them all. */
async function measure({ holder, path }: Place): Promise<{ bytes: number | null; words: string }> {
  const inside = holder === null && process.getuid?.() !== 0 ? seeingAll : entering(holder);
  const [file, ...args] = [...inside, 'du', '-sx', '--block-size=1', '--', path];
  const child = spawn(file!, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let words = '';
  // What ends while it is counted makes du complain, at any length, and count on.
  child.stderr.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(0, 1000)));
  const ended = once(child, 'close').catch((error: Error) => (words = error.message));
  const text = (await child.stdout.setEncoding('latin1').toArray()).join('');
  await ended;
  const bytes = Number.parseInt(text, 10);
  return { bytes: Number.isSafeInteger(bytes) ? bytes : null, words };
}

/** Throws `sandbox_unavailable` where this process cannot find out what sandboxes write below `folder`. */
export async function mustMeasure(folder: string): Promise<void> {
  const path = await mkdtemp(join(folder, 'measured-'));
  try {
    await mkdir(join(path, 'shut'));
    await writeFile(join(path, 'shut/file'), Buffer.alloc(shownBytes, 1));
    await chmod(join(path, 'shut'), 0o300);
    const { bytes, words } = await measure({ holder: null, path });
    if ((bytes ?? 0) >= shownBytes) return;
    throw new AppError(
      'sandbox_unavailable',
      `What sandboxes write below ${folder} cannot be measured, so no limit on it would hold: ${words.trim()}\n${adviceFor(words)}`.trim(),
    );
  } finally {
    await removeWritten(path);
  }
}
