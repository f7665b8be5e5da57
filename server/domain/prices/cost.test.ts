import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costMicros, pricesInForce, worstCaseMicros } from './cost.ts';
import type { PriceRow } from './price.ts';

const row = (change: Partial<PriceRow>): PriceRow => ({
  model: 'm',
  validFrom: new Date('2026-01-01T00:00:00Z'),
  promptUpTo: 2_147_483_647,
  inputMicros: 2_000_000,
  outputMicros: 10_000_000,
  cacheReadMicros: 100_000,
  cacheWriteMicros: 2_500_000,
  ...change,
});

const banded = [
  row({
    promptUpTo: 100_000,
    inputMicros: 100_000,
    outputMicros: 500_000,
    cacheReadMicros: 5_000,
    cacheWriteMicros: 125_000,
  }),
  row({ inputMicros: 500_000, outputMicros: 2_500_000, cacheReadMicros: 25_000, cacheWriteMicros: 625_000 }),
];

describe('pricesInForce', () => {
  const old = row({});
  const fresh = row({ validFrom: new Date('2026-10-07T00:00:00Z'), cacheReadMicros: 50_000 });

  it.each([
    ['2026-10-06T23:59:59Z', old],
    ['2026-10-07T00:00:00Z', fresh],
    ['2027-01-01T00:00:00Z', fresh],
  ])('at %s', (at, expected) => {
    expect(pricesInForce([fresh, old], { model: 'm', at: new Date(at) })).toEqual([expected]);
  });

  it('orders the prompt bands', () => {
    expect(pricesInForce(banded.toReversed(), { model: 'm', at: new Date('2026-11-01T00:00:00Z') })).toEqual(banded);
  });

  it.each([
    ['other', '2026-11-01T00:00:00Z'],
    ['m', '2025-11-01T00:00:00Z'],
  ])('knows none for %s at %s', (model, at) => {
    expect(pricesInForce([old], { model, at: new Date(at) })).toEqual([]);
  });
});

describe('costMicros', () => {
  it.each([
    [{ input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }, 0],
    [{ input: 1, output: 0, cacheRead: 0, cacheWrite: 0 }, 2],
    [{ input: 0, output: 0, cacheRead: 1, cacheWrite: 0 }, 1],
    [{ input: 1000, output: 500, cacheRead: 20_000, cacheWrite: 3000 }, 2000 + 5000 + 2000 + 7500],
  ])('%j costs %d µ$, rounded up once', (usage, expected) => {
    expect(costMicros([row({})], usage)).toBe(expected);
  });

  it('takes the band of the whole prompt', () => {
    expect(costMicros(banded, { input: 60_000, output: 0, cacheRead: 40_000, cacheWrite: 0 })).toBe(6_200);
    expect(costMicros(banded, { input: 60_000, output: 0, cacheRead: 40_001, cacheWrite: 0 })).toBe(31_001);
  });

  it('is never above the worst case of what was asked', () => {
    const count = fc.integer({ min: 0, max: 200_000 });
    fc.assert(
      fc.property(fc.tuple(count, count, count, count, count), ([input, cacheRead, cacheWrite, output, slack]) => {
        const promptTokens = input + cacheRead + cacheWrite + slack;
        const worst = worstCaseMicros(banded, { promptTokens, maxTokens: output + slack });
        expect(costMicros(banded, { input, output, cacheRead, cacheWrite })).toBeLessThanOrEqual(worst);
      }),
    );
  });
});
