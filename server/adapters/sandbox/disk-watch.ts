import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { promisify } from 'node:util';
import { AppError } from '../../domain/errors.ts';
import { entering, type Place } from './place.ts';

const run = promisify(execFile);

const everyMs = 250;
/** How long a measured size is believed while the disk tells of no growth that matters. */
const believedMs = 5_000;
/** The database lies on the same disk: this much of it no sandbox gets, or a twentieth of a small one. */
const floorBytes = 1024 ** 3;
const floorShare = 0.05;
/** What a sandbox on a full disk may still add: less is not what fills it. */
const slackBytes = 2 ** 20;

type Room = { usedBytes: number; isLow: boolean; freeBytes: number };

/** How much of the disk below a folder is taken, and whether what is left, in bytes or in files, is the floor. */
async function roomAt(folder: string): Promise<Room> {
  const { bsize, blocks, bfree, bavail, files, ffree } = await statfs(folder);
  const freeBytes = bavail * bsize;
  const isLow =
    freeBytes < Math.min(floorBytes, blocks * bsize * floorShare) || (files > 0 && ffree < files * floorShare);
  return { usedBytes: (blocks - bfree) * bsize, isLow, freeBytes };
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
 * there then may stay, so that an agent can remove it, but not grow. A wall it is not: between two looks a command can
 * write more. What it can never have is the floor.
 */
export function watchDisk(watched: { place: Place; limitBytes: number; onExceeded: () => Promise<void> }): () => void {
  const { place, limitBytes, onExceeded } = watched;
  let allowed = limitBytes;
  let last: { bytes: number; used: number; at: number; tookMs: number } | null = null;
  let timer: NodeJS.Timeout | null = null;

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
    const before = last;
    const at = performance.now();
    const bytes = await writtenBytes(place);
    if (bytes === null) return;
    last = { bytes, used: room.usedBytes, at, tookMs: performance.now() - at };
    const filling = room.isLow && before !== null && bytes > before.bytes + slackBytes;
    const exceeded = bytes > allowed || filling;
    if (bytes <= limitBytes) allowed = limitBytes;
    if (!exceeded) return;
    await onExceeded();
    const left = (await writtenBytes(place)) ?? bytes;
    last = null;
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

/** Null where it could not be measured. An agent may shut its folders: only who is root over its files sees them all. */
async function writtenBytes({ holder, path }: Place): Promise<number | null> {
  const inside = holder === null && process.getuid?.() !== 0 ? ['unshare', '-Ur'] : entering(holder);
  const [file, ...args] = [...inside, 'du', '-sx', '--block-size=1', '--', path];
  // What ends while it is counted makes du complain and count on.
  const stdout = await run(file!, args, { maxBuffer: 16 * 2 ** 20 }).then(
    (done) => done.stdout,
    (error: { stdout?: string }) => error.stdout ?? '',
  );
  const bytes = Number.parseInt(stdout, 10);
  return Number.isSafeInteger(bytes) ? bytes : null;
}
