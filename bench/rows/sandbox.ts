import { apart } from '../apart.ts';
import { openBenchFolder } from '../database.ts';
import type { Row } from '../harness.ts';
import { names } from '../names.ts';
import { leaksAfter } from '../ours/sandbox.ts';

const starts = 1_000;

export const sandboxRow: Row = {
  name: 'sandbox',
  work: 'the first command of a fresh local sandbox, a command in a warm one, and in one of 25 with a command a second each',
  operations: 20,
  async open(closing) {
    const place = openBenchFolder(closing);
    const who = ['ours-sandbox', 'bare-spawn', 'sandbox-runtime'] as const;
    const contestants = await Promise.all(who.map((name) => apart(name, place, closing)));
    const figures = async () => [
      { what: `leaks after ${starts} starts`, value: await leaksAfter(place, starts), unit: 'left', limit: 0 },
    ];
    return { contestants: contestants.flat(), notes: [], figures };
  },
  targets: [
    { what: 'first command against a bare spawn', over: names.firstCommand, under: names.spawn, limit: 5 },
    { what: 'the same at p99', over: names.firstCommand, under: names.spawn, quantile: 0.99, limit: 12 },
    { what: 'warm command against a bare spawn', over: names.warmCommand, under: names.spawn, limit: 2 },
    {
      what: 'sandbox-runtime against a warm command',
      ...{ over: names.sandboxRuntime, under: names.warmCommand, limit: 30, atLeast: true },
    },
    {
      what: 'sandbox-runtime against the first command',
      ...{ over: names.sandboxRuntime, under: names.firstCommand, limit: 30, atLeast: true },
    },
    {
      what: '25 at once against one, p95',
      ...{ over: names.crowdCommand, under: names.soloCommand, quantile: 0.95, limit: 3 },
    },
  ],
};
