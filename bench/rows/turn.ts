import { apart } from '../apart.ts';
import { openBenchDatabase } from '../database.ts';
import type { Row } from '../harness.ts';
import { names } from '../names.ts';

export const turnRow: Row = {
  name: 'turn',
  work: 'scripted turns of one shell call, with policy, audit, durability and sandbox on',
  /** As many as a run may have. */
  operations: 200,
  async open(closing) {
    const { place, notes } = await openBenchDatabase(closing);
    const who = ['ours-turn', 'bare-insert', 'undurable-loop', 'dbos'] as const;
    const contestants = await Promise.all(who.map((name) => apart(name, place, closing)));
    return { contestants: contestants.flat(), notes };
  },
  targets: [
    { what: 'turn against one bare durable insert', over: names.turn, under: names.insert, limit: 3 },
    { what: 'turn against DBOS doing two steps', over: names.turn, under: names.dbos, limit: 0.5 },
    { what: 'whole turn against the undurable loop', over: names.wholeTurn, under: names.loop, limit: 2.2 },
  ],
};
