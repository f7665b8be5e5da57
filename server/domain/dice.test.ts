import { expect, it } from 'vitest';
import { dice } from './dice.ts';

it('rolls the same for the same seed and something else for the next one', () => {
  const first = (seed: number) => Array.from({ length: 3 }, dice(seed));
  expect(first(7)).toEqual(first(7));
  // What was drilled with a printed seed can be drilled again with it, whatever is installed later.
  expect(first(7).map((roll) => roll.toFixed(6))).toEqual(['0.883731', '0.914803', '0.058190']);
  const openings = Array.from({ length: 100 }, (_, seed) => dice(seed)());
  expect(new Set(openings).size).toBe(100);
  expect(Math.min(...openings)).toBeLessThan(0.1);
  expect(Math.max(...openings)).toBeGreaterThan(0.9);
  expect(Math.max(...openings)).toBeLessThan(1);
});
