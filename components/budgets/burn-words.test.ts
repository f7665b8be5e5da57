import { expect, it } from 'vitest';
import { burnWords } from './burn-words.ts';

it.each([
  [{ spent: 5_000_000, forecastMicros: null, micros: null }, /^\$5\.00 spent today; a forecast comes/],
  [{ spent: 5_000_000, forecastMicros: 10_000_000, micros: null }, /comes to \$10\.00\.$/],
  [{ spent: 5_000_000, forecastMicros: 10_000_000, micros: 10_000_000 }, /comes to \$10\.00\.$/],
  [
    { spent: 5_000_000, forecastMicros: 10_000_000, micros: 9_000_000 },
    /\$10\.00, more than the \$9\.00 it may use\.$/,
  ],
])('%j', (row, words) => {
  expect(burnWords(row)).toMatch(words);
});
