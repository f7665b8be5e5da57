import { afterAll, beforeAll, expect, it } from 'vitest';
import { apart } from './apart.ts';
import type { ContestantFile } from './child.ts';
import { openBenchDatabase, type Place } from './database.ts';
import { names } from './names.ts';

const closers: (() => Promise<unknown>)[] = [];
const closing = (close: () => Promise<unknown>) => void closers.push(close);
let place: Place;

beforeAll(async () => {
  place = (await openBenchDatabase(closing)).place;
});
afterAll(async () => {
  for (const close of closers.toReversed()) await close();
});

/** That it measures something, never how much: a benchmark is no test. */
it.each<[ContestantFile, number, string[]]>([
  ['ours-turn', 200, [names.turn, names.wholeTurn]],
  ['ours-start', 2, [names.started, names.claimed]],
  [
    'ours-isolation',
    16,
    [names.walledBusy, names.plainBusy, names.walledInTurn, names.plainInTurn, names.transactions],
  ],
  ['ours-sandbox', 2, [names.firstCommand, names.warmCommand, names.soloCommand, names.crowdCommand]],
])('%s still does the work it times', async (file, operations, figures) => {
  const contestants = await apart(file, place, closing);
  expect(contestants.map(({ name }) => name)).toEqual(figures);
  for (const { block } of contestants) {
    const samples = await block(operations);
    expect(samples.length).toBeGreaterThanOrEqual(file === 'ours-isolation' ? 1 : operations - 1);
    expect(samples.every((ms) => ms > 0)).toBe(true);
  }
});
