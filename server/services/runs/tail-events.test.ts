import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tailEvents } from './tail-events.ts';

type Item = { seq: number };

/** A gapless log. A read sees what was there when it began and takes as many turns of the event loop as its place says. */
function log(turns: number[] = [1]) {
  const items: Item[] = [];
  let reads = 0;
  return {
    items,
    reads: () => reads,
    append: (count: number) => {
      for (let n = 0; n < count; n += 1) items.push({ seq: items.length + 1 });
    },
    read: async (after: number, limit: number) => {
      const seen = items.slice(after, after + limit);
      const wait = turns[reads % turns.length] ?? 1;
      reads += 1;
      for (let turn = 0; turn < wait; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      return seen;
    },
  };
}

async function take(events: AsyncGenerator<readonly Item[]>, upTo: number): Promise<number[]> {
  const seen: number[] = [];
  for await (const some of events) {
    seen.push(...some.map(({ seq }) => seq));
    if (seen.at(-1)! >= upTo) break;
  }
  return seen;
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

describe('tailEvents', () => {
  it('loses nothing and doubles nothing, wherever followers start and whatever they were told', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(1_500), { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(5), { minLength: 1, maxLength: 7 }),
        async (bursts, starts, turns) => {
          const source = log(turns);
          const tail = tailEvents(source.read);
          const total = bursts.reduce((sum, burst) => sum + burst, 0);
          const signal = new AbortController().signal;
          const followers = starts
            .filter((start) => start < total)
            .map(async (start) => ({ start, seen: await take(tail.follow(start, signal), total) }));
          for (const burst of bursts) {
            await new Promise((resolve) => setImmediate(resolve));
            source.append(burst);
            tail.wake();
          }
          for (const { start, seen } of await Promise.all(followers)) expect(seen).toEqual(range(start + 1, total));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('a hundred followers at the head share the reads', async () => {
    const source = log();
    source.append(1);
    const tail = tailEvents(source.read);
    const signal = new AbortController().signal;
    const followers = range(1, 100).map(() => take(tail.follow(0, signal), 11));
    for (let n = 0; n < 10; n += 1) {
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      source.append(1);
      tail.wake();
    }
    await Promise.all(followers);
    expect(source.reads()).toBeLessThan(150);
  });

  it('a hundred followers of an empty log share the reads too, also after one who is ahead of it', async () => {
    const source = log();
    const tail = tailEvents(source.read);
    const signal = new AbortController().signal;
    const ahead = take(tail.follow(1_000, signal), 1_001);
    await new Promise((resolve) => setImmediate(resolve));
    const first = take(tail.follow(0, signal), 3);
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    const others = range(1, 100).map(() => take(tail.follow(0, signal), 3));
    for (let n = 0; n < 3; n += 1) {
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      source.append(1);
      tail.wake();
    }
    for (const seen of await Promise.all([first, ...others])) expect(seen).toEqual([1, 2, 3]);
    expect(source.reads()).toBeLessThan(15);
    source.append(1_000);
    tail.wake();
    expect(await ahead).toContain(1_001);
  });

  it('hands followers that are equally far the same array, and never more than a page', async () => {
    const source = log();
    source.append(1);
    const tail = tailEvents(source.read);
    const signal = new AbortController().signal;
    const followers = range(1, 3).map(() => tail.follow(0, signal));
    for (const follower of followers) await follower.next();
    source.append(450);
    tail.wake();
    for (let n = 0; n < 3; n += 1) {
      const [first, ...rest] = await Promise.all(followers.map(async (each) => (await each.next()).value as Item[]));
      expect(first!.length).toBeLessThanOrEqual(200);
      for (const other of rest) expect(other).toBe(first);
    }
  });

  it('ends with the signal, also while it waits', async () => {
    const source = log();
    const stop = new AbortController();
    const following = take(tailEvents(source.read).follow(0, stop.signal), 1);
    await new Promise((resolve) => setImmediate(resolve));
    stop.abort(new DOMException('gone', 'AbortError'));
    await expect(following).rejects.toThrow('gone');
  });

  it('a failed read fails its followers; the next one goes on', async () => {
    const source = log();
    source.append(2);
    let broken = false;
    const tail = tailEvents(async (after: number, limit: number) => {
      if (broken) throw new Error('down');
      return source.read(after, limit);
    });
    const signal = new AbortController().signal;
    const events = tail.follow(0, signal);
    expect((await events.next()).value).toEqual([{ seq: 1 }, { seq: 2 }]);
    broken = true;
    tail.wake();
    await expect(events.next()).rejects.toThrow('down');
    broken = false;
    source.append(1);
    expect(await take(tail.follow(2, signal), 3)).toEqual([3]);
  });
});
