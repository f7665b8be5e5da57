import { expect, test } from 'vitest';
import { cpusFor } from './cpus.ts';

test('as many processors as are allowed, rounded up, in turn, and only those that Fleet has', () => {
  const own = [2, 3, 5, 7];
  const lists = [cpusFor(1.5, own), cpusFor(0.2, own), cpusFor(2, own)].map((list) => list!.split(',').map(Number));
  expect(lists.map((list) => list.length)).toEqual([2, 1, 2]);
  expect(new Set(lists.flat())).toEqual(new Set(own));
  expect(cpusFor(4, own)).toBeNull();
  expect(cpusFor(3.5, own)).toBeNull();
  expect(cpusFor(1, [0])).toBeNull();
});
