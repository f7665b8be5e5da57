import { expect, test } from 'vitest';
import { countMoves } from './held-order.ts';

test('counts what would appear, leave or change its column', () => {
  const held = { running: ['a', 'b'], done: ['c'] };
  expect(countMoves(held, held)).toBe(0);
  expect(countMoves(held, { running: ['b', 'a'], done: ['c'] })).toBe(0);
  expect(countMoves(held, { running: ['b'], done: ['a', 'c'] })).toBe(1);
  expect(countMoves(held, { running: ['a', 'b', 'd'], done: [] })).toBe(2);
});
