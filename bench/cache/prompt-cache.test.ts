import { describe, expect, it } from 'vitest';
import { PromptCache, prefixesOf, TooManyBreakpoints, type Part } from './prompt-cache.ts';

const tokens = (count: number, letter: string) => letter.repeat(Math.floor(count * 3.6));
const part = (count: number, letter: string, mark: Part['mark'] = null): Part => ({
  text: tokens(count, letter),
  mark,
});
const minute = 60_000;

describe('the rules of prompt caching', () => {
  const cache = () => {
    const kept = new PromptCache();
    return (parts: Part[], now = 0) => kept.take(parts, prefixesOf(parts), now);
  };
  const none = { '5m': 0, '1h': 0 };
  const long = [part(2000, 'a', '5m'), part(100, 'b')];

  it('keeps what stands before a breakpoint, and reads just that again', () => {
    const take = cache();
    expect(take(long)).toEqual({ input: 100, cacheRead: 0, cacheWrite: { '5m': 2000, '1h': 0 } });
    expect(take([...long, part(50, 'c', '5m')])).toEqual({
      ...{ input: 0, cacheRead: 2000 },
      cacheWrite: { '5m': 150, '1h': 0 },
    });
  });

  it('reads nothing once a byte before it is another', () => {
    const take = cache();
    take(long);
    expect(take([part(1, 'x'), ...long])).toMatchObject({ cacheRead: 0 });
  });

  it('keeps nothing that is too short', () => {
    const take = cache();
    expect(take([part(1000, 'a', '5m')])).toEqual({ input: 1000, cacheRead: 0, cacheWrite: none });
    expect(take([part(1000, 'a', '5m')])).toMatchObject({ cacheRead: 0 });
  });

  it.each([
    ['5m', 5 * minute, 5 * minute + 1],
    ['1h', 60 * minute, 60 * minute + 1],
  ] as const)('keeps %s from the last use on', (life, still, gone) => {
    const take = cache();
    const parts = [part(2000, 'a', life)];
    take(parts, 0);
    expect(take(parts, still)).toMatchObject({ cacheRead: 2000 });
    expect(take(parts, 2 * still)).toMatchObject({ cacheRead: 2000 });
    expect(take(parts, 2 * still + gone)).toMatchObject({ cacheRead: 0 });
  });

  it('looks back over 20 blocks and no further', () => {
    const grown = (by: number) => [
      part(2000, 'a'),
      ...Array.from({ length: by }, (_, n) => part(10, String.fromCharCode(98 + n))),
    ];
    const marked = (parts: Part[]) =>
      parts.map((each, n) => ({ ...each, mark: n === parts.length - 1 ? '5m' : null }) as Part);
    for (const [by, read] of [
      [20, 2000],
      [21, 0],
    ] as const) {
      const take = cache();
      take(marked(grown(0)));
      expect(take(marked(grown(by)))).toMatchObject({ cacheRead: read });
    }
  });

  it('refuses a fifth breakpoint', () => {
    const five = Array.from({ length: 5 }, () => part(2000, 'a', '5m'));
    expect(() => cache()(five)).toThrow(TooManyBreakpoints);
  });
});
