import { apart } from '../apart.ts';
import { openBenchDatabase } from '../database.ts';
import type { Row } from '../harness.ts';
import { names } from '../names.ts';

export const startRow: Row = {
  name: 'start',
  work: 'a queued run asked for until it is under way, through the embedded engine',
  operations: 30,
  async open(closing) {
    const { place, notes } = await openBenchDatabase(closing);
    const who = ['ours-start', 'graphile', 'pg-boss'] as const;
    const contestants = await Promise.all(who.map((name) => apart(name, place, closing)));
    return { contestants: contestants.flat(), notes };
  },
  targets: [
    { what: 'start against a bare graphile-worker job', over: names.started, under: names.graphile, limit: 5 },
    { what: 'the same with the run claimed', over: names.claimed, under: names.graphile, limit: 5 },
    { what: 'pg-boss against start', over: names.pgBoss, under: names.started, limit: 20, atLeast: true },
    { what: 'pg-boss against the run claimed', over: names.pgBoss, under: names.claimed, limit: 20, atLeast: true },
  ],
};
