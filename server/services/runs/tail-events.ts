import { tailWindow, type Sequenced } from './tail-window.ts';
import { makeWake } from './wake.ts';

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

/**
 * Followers at the head share one read per wake-up; one that is further behind than what is kept reads its own pages
 * until it has caught up. A failed read fails the followers that waited for it and nothing else.
 */
export function tailEvents<E extends Sequenced>(read: Read<E>): Tail<E> {
  const woken = makeWake();
  const held = tailWindow<E>(page);
  /** The wake-up that what is held was read after; -1 where more is known to be there. */
  let readAt = -1;
  let reading: Promise<void> | null = null;

  const readOn = async (from: number) => {
    const version = woken.version;
    readAt = -1;
    const fresh = await read(from, page);
    if (held.head !== from) return; // a follower further ahead has moved the window meanwhile
    held.goOn(fresh);
    if (fresh.length < page) readAt = version;
  };

  const refresh = async (cursor: number) => {
    while (reading !== null) await reading;
    if (held.head !== cursor || readAt === woken.version) return;
    reading = readOn(cursor).finally(() => (reading = null));
    await reading;
  };

  const after = async (cursor: number): Promise<readonly E[]> => {
    if (cursor === held.head) await refresh(cursor);
    const there = held.cut(cursor);
    if (there !== null) return there;
    const own = await read(cursor, page);
    if (held.adopt(cursor, own)) readAt = -1;
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
