import { makeWake } from './wake.ts';

export type Sequenced = { seq: number };
type Read<E> = (afterSeq: number, limit: number) => Promise<E[]>;

/** One stream, followed by everyone in this process who looks at it. Seqs are gapless, which is what cursors stand on. */
export type Tail<E extends Sequenced> = {
  /** Something may have been appended. */
  wake(): void;
  /**
   * Events after `afterSeq`, in order, each once, some at a time; throws the signal's reason when it aborts. Who asks for the
   * same events gets the same array, so that what is made of it once is there for all.
   */
  follow(afterSeq: number, signal: AbortSignal): AsyncGenerator<readonly E[]>;
};

const page = 200;
const keptRecent = 1_000;
const keptCuts = 8;

/**
 * Followers at the head share one read per wake-up; one that is further behind than what is kept reads its own pages
 * until it has caught up. A failed read fails the followers that waited for it and nothing else.
 */
export function tailEvents<E extends Sequenced>(read: Read<E>): Tail<E> {
  const woken = makeWake();
  /** The latest events, gapless; empty until somebody has read. */
  let recent: E[] = [];
  /** What was handed out of `recent` of late, by the event before it. */
  const cuts = new Map<number, readonly E[]>();
  /** The wake-up that `recent` was read after; -1 where more is known to be there. */
  let readAt = -1;
  let reading: Promise<void> | null = null;
  const last = () => recent.at(-1)?.seq ?? 0;

  const readOn = async (from: number) => {
    const version = woken.version;
    readAt = -1;
    const fresh = await read(from, page);
    if (last() !== from) return; // a follower further ahead has moved the window meanwhile
    recent = [...recent, ...fresh].slice(-keptRecent);
    if (fresh.length < page) readAt = version;
  };

  const refresh = async (cursor: number) => {
    while (reading !== null) await reading;
    if (last() !== cursor || readAt === woken.version) return;
    reading = readOn(cursor).finally(() => (reading = null));
    await reading;
  };

  const cut = (cursor: number): readonly E[] => {
    const there = cuts.get(cursor);
    if (there !== undefined) return there;
    const at = cursor + 1 - (recent[0]?.seq ?? 0);
    const made = recent.slice(at, at + page);
    if (made.length > 0) cuts.set(cursor, made);
    for (const oldest of cuts.size > keptCuts ? cuts.keys().take(1) : []) cuts.delete(oldest);
    return made;
  };

  const after = async (cursor: number): Promise<readonly E[]> => {
    if (cursor > 0 && cursor === last()) await refresh(cursor);
    const first = recent[0]?.seq ?? Infinity;
    if (cursor + 1 >= first && cursor <= last()) return cut(cursor);
    const own = await read(cursor, page);
    if ((own[0]?.seq ?? 0) > last()) {
      recent = own;
      readAt = -1;
    }
    return own;
  };

  return {
    wake: () => woken.bump(),
    async *follow(afterSeq, signal) {
      let cursor = afterSeq;
      for (;;) {
        signal.throwIfAborted();
        const seen = woken.version;
        const events = await after(cursor);
        signal.throwIfAborted();
        if (events.length > 0) {
          yield events;
          cursor = events.at(-1)?.seq ?? cursor;
        } else await woken.changedSince(seen, signal);
      }
    },
  };
}
