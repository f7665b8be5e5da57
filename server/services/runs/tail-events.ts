import { makeWake } from './wake.ts';

export type Sequenced = { seq: number };
type Read<E> = (afterSeq: number, limit: number) => Promise<E[]>;

/** One stream, followed by everyone in this process who looks at it. Seqs are gapless, which is what cursors stand on. */
export type Tail<E extends Sequenced> = {
  /** Something may have been appended. */
  wake(): void;
  /** Events after `afterSeq`, in order, each once; throws the signal's reason when it aborts. */
  follow(afterSeq: number, signal: AbortSignal): AsyncGenerator<E>;
};

const page = 200;
const keptRecent = 1_000;

/**
 * Followers at the head share one read per wake-up; one that is further behind than what is kept reads its own pages
 * until it has caught up. A failed read fails the followers that waited for it and nothing else.
 */
export function tailEvents<E extends Sequenced>(read: Read<E>): Tail<E> {
  const woken = makeWake();
  /** The latest events, gapless; empty until somebody has read. */
  let recent: E[] = [];
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

  const refresh = async () => {
    while (reading !== null) await reading;
    if (readAt === woken.version) return;
    reading = readOn(last()).finally(() => (reading = null));
    await reading;
  };

  const after = async (cursor: number): Promise<E[]> => {
    if (cursor > 0 && cursor === last()) await refresh();
    const first = recent[0]?.seq ?? Infinity;
    if (cursor + 1 >= first && cursor <= last()) return recent.slice(cursor + 1 - first);
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
        for (const event of events) {
          signal.throwIfAborted();
          yield event;
          cursor = event.seq;
        }
        if (events.length === 0) await woken.changedSince(seen, signal);
      }
    },
  };
}
