import { expect, it } from 'vitest';
import { levelsIn } from './levels-in.ts';

it.each([
  ['50, 80, 100', [50, 80, 100]],
  ['50% 80 %', [50, 80]],
  ['', []],
  ['half', [Number.NaN]],
])('%s', (text, levels) => {
  expect(levelsIn(text)).toEqual(levels);
});
