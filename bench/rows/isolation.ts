import { apart } from '../apart.ts';
import { openBenchDatabase } from '../database.ts';
import type { Row } from '../harness.ts';
import { names } from '../names.ts';

export const isolationRow: Row = {
  name: 'isolation',
  work: 'the newest 20 tasks of an org, 8 queries at once over 8 connections, milliseconds a query',
  operations: 1_500,
  async open(closing) {
    const { place, notes } = await openBenchDatabase(closing);
    return { contestants: await apart('ours-isolation', place, closing), notes };
  },
  targets: [
    {
      what: 'throughput with row-level security against a plain where, a busy org',
      ...{ over: names.plainBusy, under: names.walledBusy, limit: 0.9, atLeast: true },
    },
    {
      what: 'the same, 20 orgs in turn',
      ...{ over: names.plainInTurn, under: names.walledInTurn, limit: 0.9, atLeast: true },
    },
  ],
};
