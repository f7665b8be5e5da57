import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costMicros, worstCaseMicros } from '../prices/cost.ts';
import {
  callableMicros,
  callableTokens,
  landingDue,
  narrowed,
  promptTokensAtMost,
  remainingMicros,
  remainingMillis,
  reserve,
  type BudgetState,
} from './budget.ts';
import { checkAmounts } from './amounts.ts';
import { unlimited, type LedgerLeft } from './ledger.ts';

const state = (change: Partial<BudgetState>): BudgetState => ({
  seconds: 100,
  millisUsed: 0,
  costLimitMicros: 1_000_000,
  costMicros: 0,
  turns: 80,
  turnsUsed: 0,
  keptMicros: 0,
  tokensUsed: 0,
  tokensLeft: null,
  tokensOf: null,
  keptTokens: 0,
  tightest: null,
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

const nothing = { micros: 0, tokens: 0 };

describe('a run under budgets above it', () => {
  const { keptMicros, keptTokens, tokensLeft, tokensOf, tightest, ...own } = state({
    millisUsed: 40_000,
    costMicros: 600_000,
  });
  const left = (change: Partial<LedgerLeft>): LedgerLeft => ({ ...unlimited, ...change });

  it('has its own limits where they leave more', () => {
    expect({ keptMicros, keptTokens }).toEqual({ keptMicros: 0, keptTokens: 0 });
    expect({ tokensLeft, tokensOf, tightest }).toEqual({ tokensLeft: null, tokensOf: null, tightest: null });
    const roomy = left({ micros: 400_000, microsOf: 'run total', millis: 60_000, millisOf: 'run total' });
    expect(narrowed(own, roomy, false)).toMatchObject({ ...own, tightest: null });
  });

  it('has theirs where they leave less, and says whose', () => {
    const tight = left({ micros: 50_000, microsOf: 'org 2026-11', millis: 10_000, millisOf: 'agent 2026-11' });
    const words = 'the budget of the org for November 2026';
    const now = narrowed(own, tight, false);
    expect(now).toMatchObject({ costLimitMicros: 650_000, seconds: 50, tightest: words });
    expect(remainingMillis(now)).toBe(10_000);
    expect(landingDue(now, nothing)).toBe(true);
  });

  it('keeps back what it lands with until it is told to land', () => {
    const kept = left({ micros: 400_000, microsOf: 'run total', landing: 150_000 });
    expect(callableMicros(narrowed(own, kept, false))).toBe(250_000);
    expect(landingDue(narrowed(own, kept, false), { micros: 125_001, tokens: 0 })).toBe(true);
    expect(callableMicros(narrowed(own, kept, true))).toBe(400_000);
  });

  it('keeps tokens back in the same way, and says whose limit they are', () => {
    const kept = left({ tokens: 100_000, tokensOf: 'task total', landingTokens: 15_000 });
    expect(narrowed(own, kept, false)).toMatchObject({ tokensOf: 'the budget of the task' });
    expect(callableTokens(narrowed(own, kept, false))).toBe(85_000);
    expect(callableTokens(narrowed(own, kept, true))).toBe(100_000);
  });

  it('has nothing left, and never less, where a limit was lowered', () => {
    expect(remainingMicros(narrowed(own, left({ micros: -1, microsOf: 'org 2026-11' }), false))).toBe(0);
  });
});

describe('an amount of a budget', () => {
  const nothing = { micros: null, tokens: null, seconds: null };

  it.each([
    [{ micros: -1 }, /negative/],
    [{ micros: 0 }, /zero/],
    [{ micros: 1.5 }, /whole/],
    [{ micros: Number.POSITIVE_INFINITY }, /whole/],
    [{ micros: 1_000_000_000_001 }, /more than \$1000000.00/],
    [{ tokens: 2 ** 60 }, /whole/],
    [{ seconds: 100_000_001 }, /more than/],
  ])('%j is refused', (amounts, why) => {
    expect(() => checkAmounts({ ...nothing, ...amounts })).toThrow(why);
  });

  it('may be left out', () => {
    expect(() => checkAmounts({ ...nothing, micros: 1 })).not.toThrow();
  });
});

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
    [{ tokensUsed: 0, tokensLeft: 10_000 }, false],
    [{ tokensUsed: 0, tokensLeft: 9_999 }, true],
    [{ tokensUsed: 0, tokensLeft: 11_000, keptTokens: 1_001 }, true],
    [{ tokensUsed: 84_999, tokensLeft: 15_001 }, false],
    [{ tokensUsed: 85_000, tokensLeft: 15_000 }, true],
    [{ tokensUsed: 5, tokensLeft: -1 }, true],
    [{ turnsUsed: 67 }, false],
    [{ turnsUsed: 68 }, true],
  ])('%j: %s', (change, due) => {
    expect(landingDue(state(change), { micros: 70_000, tokens: 5_000 })).toBe(due);
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
    expect(given).toEqual({ maxTokens: 16_000, reservedMicros: 25_000 + 160_000, reservedTokens: 26_000 });
  });

  it('shortens the reply to what is left', () => {
    const given = reserve({ prices, promptTokens: 10_000, maxTokens: 16_000, remainingMicros: 65_000 });
    expect(given).toEqual({ maxTokens: 4000, reservedMicros: 65_000, reservedTokens: 14_000 });
  });

  it('and to the tokens that are left', () => {
    const ask = { prices, promptTokens: 10_000, maxTokens: 16_000, remainingMicros: 5_000_000 };
    expect(reserve({ ...ask, remainingTokens: 13_000 })).toMatchObject({ maxTokens: 3000, reservedTokens: 13_000 });
    expect(reserve({ ...ask, remainingTokens: 11_023 })).toBeNull();
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
