import { expect, it } from 'vitest';
import { driftOf, isAsMeant } from './drift.ts';

const nothing = { all: 0, some: [] };
const of = { scope: ['src/**', 'docs/**'], changed: ['src/a.js', 'docs/a.md'], leftOut: [], plan: [] };

it('there is no drift where all that changed is in scope and the plan is done', () => {
  const drift = driftOf({
    ...of,
    plan: [
      { text: 'write it', state: 'done' },
      { text: 'not needed', state: 'dropped' },
    ],
  });
  expect(drift).toEqual({
    scope: of.scope,
    outside: nothing,
    untouched: nothing,
    leftOut: nothing,
    openSteps: nothing,
  });
  expect(isAsMeant(drift)).toBe(true);
});

it('what was opened on the way, was left out, is untouched or is open is named and counted', () => {
  const many = Array.from({ length: 30 }, (_, at) => `lib/${at}.js`);
  const drift = driftOf({
    scope: ['src/**', 'docs/**', 'test/a.test.js'],
    changed: ['src/a.js', ...many],
    leftOut: ['.env'],
    plan: [
      { text: 'write it', state: 'doing' },
      { text: 'test it', state: 'todo' },
    ],
  });
  expect(drift.outside.all).toBe(30);
  expect(drift.outside.some).toHaveLength(20);
  expect(drift.untouched).toEqual({ all: 2, some: ['docs/**', 'test/a.test.js'] });
  expect(drift.leftOut).toEqual({ all: 1, some: ['.env'] });
  expect(drift.openSteps).toEqual({ all: 2, some: ['write it', 'test it'] });
  expect(isAsMeant(drift)).toBe(false);
});
