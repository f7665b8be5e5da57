/** A limit on calls that run at once: `name` tells function, rule and key value apart. */
type Slot = { name: string; limit: number };

/** Who may run now, within every concurrency limit. In memory: one engine per database, and nothing runs after it died. */
export type Slots = {
  /** True: runs, until `release`. False: parked until a release grants it what it needs. */
  acquire(id: string, slots: readonly Slot[]): boolean;
  /** Frees what `id` holds; returns the parked ids, oldest first, that hold their slots from now on. */
  release(id: string): string[];
  isParked(id: string): boolean;
  counts(): { running: number; parked: number };
};

export function createSlots(): Slots {
  const running = new Map<string, number>();
  const held = new Map<string, readonly Slot[]>();
  const parked = new Map<string, readonly Slot[]>();
  const runningIn = (slot: Slot) => running.get(slot.name) ?? 0;
  const grant = (id: string, slots: readonly Slot[]): boolean => {
    if (slots.some((slot) => runningIn(slot) >= slot.limit)) return false;
    slots.forEach((slot) => running.set(slot.name, runningIn(slot) + 1));
    held.set(id, slots);
    parked.delete(id);
    return true;
  };
  return {
    acquire(id, slots) {
      if (held.has(id) || grant(id, slots)) return true;
      parked.set(id, slots);
      return false;
    },
    release(id) {
      parked.delete(id);
      const freed = held.get(id) ?? [];
      held.delete(id);
      for (const slot of freed) {
        if (runningIn(slot) === 1) running.delete(slot.name);
        else running.set(slot.name, runningIn(slot) - 1);
      }
      if (freed.length === 0) return [];
      return [...parked].filter(([other, slots]) => grant(other, slots)).map(([other]) => other);
    },
    isParked: (id) => parked.has(id),
    counts: () => ({ running: held.size, parked: parked.size }),
  };
}
