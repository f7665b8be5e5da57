import { apart } from '../apart.ts';
import { openBenchDatabase } from '../database.ts';
import type { Figures, Row } from '../harness.ts';
import { names } from '../names.ts';

export const appendRow: Row = {
  name: 'append',
  work: 'chained events of 600 B and 2.2 KB, of one run and of sixteen at once',
  operations: 400,
  async open(closing) {
    const { place, notes } = await openBenchDatabase(closing);
    const who = ['ours-append', 'unchained'] as const;
    const contestants = await Promise.all(who.map((name) => apart(name, place, closing)));
    const figures = async (timed: Figures[]) => {
      const value = timed.find(({ contestant }) => contestant === names.appendHalf)?.p99Ms ?? Number.NaN;
      return [{ what: 'an event at half of the peak, p99', value, unit: 'ms', limit: 25 }];
    };
    return { contestants: contestants.flat(), notes, figures };
  },
  targets: [
    ...(
      [
        ['600 B', names.unchainedSmall, names.appendSmall],
        ['2.2 KB', names.unchainedLarge, names.appendLarge],
        ['600 B, sixteen at once', names.unchainedMany, names.appendMany],
      ] as const
    ).map(([size, over, under]) => ({
      ...{ what: `events a second against unchained inserts, ${size}`, over, under, limit: 0.9, atLeast: true },
    })),
    {
      what: 'events a second against one locked chain, sixteen at once',
      over: names.lockedChain,
      under: names.appendMany,
      limit: 20,
      atLeast: true,
    },
    {
      what: 'a tenant beside one at ten times its pace, p99',
      over: names.appendBeside,
      under: names.appendQuiet,
      quantile: 0.99,
      limit: 1.5,
    },
  ],
};
