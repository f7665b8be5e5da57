import { describe, expect, it } from 'vitest';
import { atMostEvery } from './at-most-every.ts';

describe('atMostEvery', () => {
  it('acts on the first call at once, once for all while it rests, and not without a call', async () => {
    const rests: (() => void)[] = [];
    const asked: number[] = [];
    const clock = {
      sleep: (ms: number) => {
        asked.push(ms);
        return new Promise<void>((resolve) => rests.push(resolve));
      },
    };
    const rested = async () => {
      rests.shift()!();
      await new Promise((resolve) => setImmediate(resolve));
    };
    let acts = 0;
    const call = atMostEvery(
      () => 40,
      clock,
      () => (acts += 1),
    );
    call();
    expect(acts).toBe(1);
    call();
    call();
    expect(acts).toBe(1);
    await rested();
    expect(acts).toBe(2);
    await rested();
    expect(acts).toBe(2);
    call();
    expect(acts).toBe(3);
    expect(asked).toEqual([40, 40, 40]);
  });
});
