export type Sequenced = { seq: number };

/** The latest events of a stream, gapless, as far as they were read. */
export type TailWindow<E> = {
  /** The last event that was read; null until somebody has read. */
  readonly head: number | null;
  /** Events after one, at most a page; the same array for all who ask for the same. Null where they are not held. */
  cut(cursor: number): readonly E[] | null;
  /** Adds what was read after the head. */
  goOn(fresh: readonly E[]): void;
  /** Takes what somebody read after `cursor` for himself, where it is further than what is held. Says whether it is. */
  adopt(cursor: number, own: readonly E[]): boolean;
};

const kept = 1_000;
const keptCuts = 8;

export function tailWindow<E extends Sequenced>(page: number): TailWindow<E> {
  let recent: readonly E[] = [];
  let head: number | null = null;
  /** What was handed out of late, by the event before it. */
  const cuts = new Map<number, readonly E[]>();

  const remember = (cursor: number, made: readonly E[]) => {
    cuts.set(cursor, made);
    const [oldest] = cuts.keys();
    if (cuts.size > keptCuts && oldest !== undefined) cuts.delete(oldest);
  };

  /** Who asks for what follows an event that is not there yet says nothing of where the log ends. */
  const isFurther = (cursor: number, [first]: readonly E[]) => {
    if (head === null) return true;
    if (recent.length === 0) return first !== undefined || cursor < head;
    return first !== undefined && first.seq > head;
  };

  return {
    get head() {
      return head;
    },
    cut(cursor) {
      if (head === null || cursor > head) return null;
      const first = recent[0]?.seq ?? head + 1;
      if (cursor + 1 < first) return null;
      const made = cuts.get(cursor) ?? recent.slice(cursor + 1 - first, cursor + 1 - first + page);
      if (made.length > 0 && !cuts.has(cursor)) remember(cursor, made);
      return made;
    },
    goOn(fresh) {
      recent = [...recent, ...fresh].slice(-kept);
      head = recent.at(-1)?.seq ?? head;
    },
    adopt(cursor, own) {
      if (!isFurther(cursor, own)) return false;
      recent = own;
      head = own.at(-1)?.seq ?? cursor;
      return true;
    },
  };
}
