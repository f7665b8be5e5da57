import { expect, it } from 'vitest';
import { budgetIn } from './use-draft.ts';

it.each([
  [{ money: '10', minutes: '60' }, undefined],
  [
    { money: '2.50', minutes: '10' },
    { micros: 2_500_000, seconds: 600 },
  ],
  [
    { money: '-1', minutes: '60' },
    { micros: -1_000_000, seconds: 3_600 },
  ],
  [{ money: 'ten', minutes: '60' }, null],
  [{ money: '', minutes: '60' }, null],
])('a budget typed as %j', (typed, asked) => {
  expect(budgetIn(typed)).toEqual(asked);
});
