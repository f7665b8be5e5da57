import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costMicros, worstCaseMicros } from '../prices/cost.ts';
import {
  landingDue,
  promptTokensAtMost,
  remainingMicros,
  remainingMillis,
  reserve,
  type BudgetState,
} from './budget.ts';

const state = (change: Partial<BudgetState>): BudgetState => ({
  seconds: 100,
  millisUsed: 0,
  costLimitMicros: 1_000_000,
  costMicros: 0,
  turns: 80,
  turnsUsed: 0,
  ...change,
});

const prices = [
  {
    model: 'm',
    validFrom: new Date(0),
    promptUpTo: 2_147_483_647,
    inputMicros: 2_000_000,
    outputMicros: 10_000_000,
    cacheReadMicros: 100_000,
    cacheWriteMicros: 2_500_000,
  },
];

describe('landing', () => {
  it.each([
    [{}, false],
    [{ millisUsed: 84_999 }, false],
    [{ millisUsed: 85_000 }, true],
    [{ costMicros: 849_999 }, false],
    [{ costMicros: 850_000 }, true],
    [{ costLimitMicros: 2_000_000, costMicros: 1_699_999 }, false],
    [{ costLimitMicros: 140_000 }, false],
    [{ costLimitMicros: 139_999 }, true],
    [{ turnsUsed: 67 }, false],
    [{ turnsUsed: 68 }, true],
  ])('%j: %s', (change, due) => {
    expect(landingDue(state(change), 70_000)).toBe(due);
  });
});

it('nothing is left below zero', () => {
  expect(remainingMicros(state({ costMicros: 2_000_000 }))).toBe(0);
  expect(remainingMillis(state({ millisUsed: 100_001 }))).toBe(0);
  expect(remainingMillis(state({ millisUsed: 99_000 }))).toBe(1000);
});

describe('reserve', () => {
  it('gives the whole reply where the money covers it', () => {
    const given = reserve({ prices, promptTokens: 10_000, maxTokens: 16_000, remainingMicros: 5_000_000 });
    expect(given).toEqual({ maxTokens: 16_000, reservedMicros: 25_000 + 160_000 });
  });

  it('shortens the reply to what is left', () => {
    const given = reserve({ prices, promptTokens: 10_000, maxTokens: 16_000, remainingMicros: 65_000 });
    expect(given).toEqual({ maxTokens: 4000, reservedMicros: 65_000 });
  });

  it('refuses when not even a short reply is covered', () => {
    expect(reserve({ prices, promptTokens: 10_000, maxTokens: 16_000, remainingMicros: 35_239 })).toBeNull();
  });

  it('whatever a call turns out to use, the limit holds', () => {
    const tokens = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(
        tokens,
        fc.integer({ min: 1, max: 32_000 }),
        fc.integer({ min: 0, max: 2_000_000 }),
        tokens,
        (prompt, most, left, part) => {
          const given = reserve({ prices, promptTokens: prompt, maxTokens: most, remainingMicros: left });
          if (!given) return;
          const cacheWrite = Math.min(part, prompt);
          const used = costMicros(prices, {
            input: prompt - cacheWrite,
            cacheWrite,
            cacheRead: 0,
            output: given.maxTokens,
          });
          expect(used).toBeLessThanOrEqual(given.reservedMicros);
          expect(given.reservedMicros).toBeLessThanOrEqual(left);
          if (given.maxTokens < most) {
            const more = worstCaseMicros(prices, { promptTokens: prompt, maxTokens: given.maxTokens + 1 });
            expect(more).toBeGreaterThan(left);
          }
        },
      ),
    );
  });
});

it('a token stands for at least one byte', () => {
  expect(promptTokensAtMost({ bytes: 1000, blocks: 2 })).toBe(2056);
});
