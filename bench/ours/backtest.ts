import { appendRunEvents, type StreamHead } from '../../server/db/append-event.ts';
import { openDatabase, type Database } from '../../server/db/connect.ts';
import type { BacktestPage } from '../../server/domain/policy/backtest/backtest.ts';
import { presetDocument } from '../../server/domain/policy/run-policy.ts';
import { writePolicy } from '../../server/domain/policy/policy-yaml.ts';
import { backtestPolicy } from '../../server/services/policy/backtest-policy.ts';
import { makeRun, makeRunWithAll, makeStageAttempt } from '../../server/testing/factories.ts';
import { openBenchDatabase } from '../database.ts';
import type { FigureResult } from '../figures.ts';
import type { Closing } from '../harness.ts';
import { commandsOf } from './commands-of-agents.ts';

const calls = 100_000;
const runs = 200;
const atOnce = 100;
const actor = { type: 'system' as const, reason: 'bench' };
const verdict = { verdict: 'allow' as const, rule: 'shell-in-sandbox', layer: 'org' as const, reason: 'x' };

/** A draft that asks about what agents do all day. */
const draft = `${writePolicy(presetDocument('balanced')).trimEnd()}
limits:
  - { id: ask-sed, on: command, run: [sed], then: ask }
  - { id: no-users, on: write, paths: ['src/users-1*'], then: deny }
`;

async function fill(database: Database, seed: number) {
  const { org, starters, pipelineRunId } = await makeRunWithAll(database);
  const commands = commandsOf({ count: calls, seed });
  for (let n = 0; n < runs; n += 1) {
    const { stageAttemptId } = await makeStageAttempt(org, { pipelineRunId, attempt: n + 2 });
    const { runId } = await makeRun(org, starters, { stageAttemptId });
    const own = commands.slice((n * calls) / runs, ((n + 1) * calls) / runs);
    let head: StreamHead | undefined;
    for (let from = 0; from < own.length; from += atOnce) {
      const events = own.slice(from, from + atOnce).map((command, at) => {
        const payload = { turn: 1, callId: `c-${from + at}`, tool: 'shell', input: { command }, verdict };
        return { kind: 'tool.intended' as const, payload };
      });
      const append = { orgId: org.orgId, runId, generation: 0, actor, at: new Date(), events, head };
      ({ head } = await appendRunEvents(org.db, append));
    }
  }
  return org;
}

/** A back-test as the page asks for it, page by page, over a database that holds the calls as runs leave them. */
export async function backtestFigures(seed: number): Promise<Pick<FigureResult, 'figures' | 'targets'>> {
  const closings: Parameters<Closing>[0][] = [];
  const closing: Closing = (close) => void closings.unshift(close);
  try {
    const { place } = await openBenchDatabase(closing);
    const database = openDatabase({ appUrl: place.appUrl, max: 4 });
    closing(() => database.close());
    const { db, orgId } = await fill(database, seed);
    const now = new Date();
    let after: string | null = null;
    let tried = 0;
    let pages = 0;
    let longest = 0;
    const began = performance.now();
    const cpu = process.cpuUsage();
    do {
      const pageBegan = performance.now();
      const page: BacktestPage = await backtestPolicy({ db, orgId, now }, { yaml: draft, days: 30, after });
      longest = Math.max(longest, performance.now() - pageBegan);
      after = page.next;
      tried += page.part.calls;
      pages += 1;
    } while (after !== null);
    const seconds = (performance.now() - began) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    // The time of our own process: how long others keep it waiting says nothing about it.
    const ours = (user + system) / 1_000_000;
    return {
      figures: [
        { name: `back-test of ${tried} calls`, value: `${seconds.toFixed(1)} s in ${pages} pages` },
        { name: 'longest page', value: `${(longest / 1_000).toFixed(2)} s` },
      ],
      targets: [
        { what: 'recorded calls that were not tried', value: calls - tried, limit: 0, met: tried === calls },
        { what: `s of CPU of a back-test of ${calls} calls`, value: ours, limit: 20, met: ours <= 20 },
      ],
    };
  } finally {
    for (const close of closings) await close();
  }
}
