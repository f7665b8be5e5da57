/**
 * A limit on calls that run at once: `name` tells function, rule and key value apart. `keyed` where every value of a key has
 * the limit to itself: such values share the places of the rule beside it fairly.
 */
type Slot = { name: string; limit: number; keyed: boolean };

/** Who may run now, within every concurrency limit. In memory: one engine per database, and nothing runs after it died. */
export type Slots = {
  /** True: runs, until `release`. False: parked until a release grants it what it needs. */
  acquire(id: string, slots: readonly Slot[]): boolean;
  /** Frees what `id` holds; returns the parked ids that hold their slots from now on, whose key runs least first. */
  release(id: string): string[];
  isParked(id: string): boolean;
  counts(): { running: number; parked: number };
};

/** Share of the places of a rule that only a key with nothing running gets: it starts however long the others' calls take. */
const forNewcomers = 0.1;

/** How many run within each limit. */
function counter() {
  const running = new Map<string, number>();
  return {
    of: ({ name }: Slot) => running.get(name) ?? 0,
    has: (name: string) => running.has(name),
    enter: ({ name }: Slot) => void running.set(name, (running.get(name) ?? 0) + 1),
    leave({ name }: Slot) {
      const left = (running.get(name) ?? 0) - 1;
      if (left > 0) running.set(name, left);
      else running.delete(name);
    },
  };
}

const keyOf = (slots: readonly Slot[]) => slots.find(({ keyed }) => keyed);

export function createSlots(): Slots {
  const running = counter();
  const held = new Map<string, readonly Slot[]>();
  const parked = new Map<string, readonly Slot[]>();
  /** When each key was last given a place, in turns. */
  const served = new Map<string, number>();
  let turn = 0;
  const placesOf = (slot: Slot, key: Slot | undefined) =>
    slot.keyed || !key || running.of(key) === 0 ? slot.limit : slot.limit - Math.floor(slot.limit * forNewcomers);
  const fits = (slots: readonly Slot[]) => slots.every((slot) => running.of(slot) < placesOf(slot, keyOf(slots)));
  const grant = (id: string, slots: readonly Slot[]) => {
    slots.forEach(running.enter);
    held.set(id, slots);
    parked.delete(id);
    const key = keyOf(slots);
    if (key) served.set(key.name, ++turn);
  };
  /** Of those that fit, one whose key runs least; of these, whose key was served longest ago; of these, the oldest. */
  const next = (): string | null => {
    let best: { id: string; rank: [number, number] } | null = null;
    for (const [id, slots] of parked) {
      if (!fits(slots)) continue;
      const key = keyOf(slots);
      const rank: [number, number] = key ? [running.of(key), served.get(key.name) ?? 0] : [0, 0];
      if (!best || rank[0] < best.rank[0] || (rank[0] === best.rank[0] && rank[1] < best.rank[1])) best = { id, rank };
    }
    return best?.id ?? null;
  };
  return {
    acquire(id, slots) {
      if (held.has(id)) return true;
      if (fits(slots)) {
        grant(id, slots);
        return true;
      }
      parked.set(id, slots);
      return false;
    },
    release(id) {
      parked.delete(id);
      const freed = held.get(id) ?? [];
      held.delete(id);
      freed.forEach(running.leave);
      if (parked.size === 0) forgetIdle();
      const granted: string[] = [];
      for (let due = freed.length > 0 ? next() : null; due !== null; due = next()) {
        grant(due, parked.get(due) ?? []);
        granted.push(due);
      }
      return granted;
    },
    isParked: (id) => parked.has(id),
    counts: () => ({ running: held.size, parked: parked.size }),
  };

  /** Nobody waits, so nobody is owed a turn: keys that run nothing need not be remembered. */
  function forgetIdle(): void {
    for (const name of served.keys()) if (!running.has(name)) served.delete(name);
  }
}
