import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { printSteps, runStep, type StepResult } from './steps.ts';

/** What each drill does, in a line. All but the last run against the verifier of inngest/runtime/testing. */
const drills = {
  model: 'the provider answers 429 and 529, cuts streams and spoils them',
  clock: 'the worker’s clock jumps an hour forth and back while it works',
  asleep: 'the worker’s host sleeps for an hour within every command',
  slices: 'slices are delivered many times, late, out of order, and past the engine from a second worker',
  race: 'eight workers go for every slice of a run at once',
  zombie: 'a worker is stopped past its lease, taken over, and continued',
  kill: 'kill -9 of the worker twenty times under a budget of 60 s of run-time, at work and while a person is waited for',
  steps: 'kill -9 of the worker after every recorded step',
  ledger: '10,000 reservations at once at every level',
  sandboxes: '1,000 starts of sandboxes and twenty kills of their worker, then one with 25 up, beside a living one',
  crash: 'the whole sample task with kill -9 of web, worker and engine at three moments',
} as const;
type Drill = keyof typeof drills;
const names = Object.keys(drills) as Drill[];

const usage = `Usage: npm run drill -- [NAME…] [--seed WHOLE_NUMBER] [--rounds 1..200] [--quick]
${names.map((name) => `  ${name.padEnd(8)}${drills[name]}`).join('\n')}
`;

function fail(): never {
  process.stderr.write(usage);
  process.exit(2);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string' },
    rounds: { type: 'string', default: '1' },
    quick: { type: 'boolean', default: false },
  },
});
const firstSeed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const rounds = Number(values.rounds);
const wrong = positionals.some((name) => !names.includes(name as Drill));
if (wrong || !Number.isInteger(firstSeed) || !Number.isInteger(rounds) || rounds < 1 || rounds > 200) fail();
const chosen = positionals.length === 0 ? names : (positionals as Drill[]);

function run(drill: Drill, seed: number): Promise<StepResult> {
  const name = `${drill} ${seed}`;
  if (drill === 'crash') {
    return runStep(name, 'node', ['cli/fleet.mjs', 'demo', '--story', 'crash', '--seed', String(seed)]);
  }
  const given = `FLEET_DRILL=${JSON.stringify({ seed, full: !values.quick, report })}`;
  const test =
    drill === 'ledger'
      ? ['--project', 'db', 'server/db/ledger.db.test.ts', '-t', 'reservations at once']
      : drill === 'sandboxes'
        ? ['--project', 'flow', 'server/adapters/sandbox/leaks.flow.test.ts']
        : ['--project', 'flow', 'inngest/runtime/drills.flow.test.ts', '-t', `drill: ${drill}$`];
  return runStep(name, 'env', [given, 'vitest', 'run', ...test]);
}

/** What the verifier counted, a line for each world that it judged. */
const report = path.join(mkdtempSync(path.join(tmpdir(), 'fleet-drill-')), 'figures');

type Figures = Record<string, number> & { level?: string };

const out = (line: string) => process.stdout.write(`  ${line}\n`);

function printWorlds(worlds: Figures[]): void {
  const sum = (key: string) => worlds.reduce((total, each) => total + (each[key] ?? 0), 0);
  const most = (key: string) => Math.max(...worlds.map((each) => each[key] ?? 0));
  out(`runs ${sum('runs')}, not ended ${sum('runsNotEnded')}; kills ${sum('kills')}, ${sum('killsAtWork')} at work`);
  out(`events ${sum('events')}, missing ${sum('eventsMissing')}, doubled ${sum('eventsDoubled')}`);
  out(`tool calls ${sum('toolCalls')}; effects seen outside ${sum('effectsSeen')}, twice ${sum('effectsTwice')}`);
  out(`held ${sum('heldMs')} ms, charged ${sum('chargedMs')} ms; at most ${most('stoppedLateMs')} ms beyond a limit`);
  out(`waited ${sum('waitedMs')} ms, charged for it ${sum('waitingChargedMs')} ms`);
  out(`overspent ${sum('overspentMicros')} µ$ over all accounts; commits too many ${sum('commitsTooMany')}`);
}

function printLevels(levels: Figures[]): void {
  for (const { level, reservations, refused, reservedMicros, limitMicros, over } of levels) {
    out(
      `${level}: ${reservations} at once, ${refused} refused; ${reservedMicros} of ${limitMicros} µ$ reserved, over ${over}`,
    );
  }
}

function printFigures(): void {
  if (!existsSync(report)) return;
  const lines = readFileSync(report, 'utf8').trim().split('\n');
  rmSync(report);
  const all = lines.map((line) => JSON.parse(line) as Figures);
  const levels = all.filter(({ level }) => level !== undefined);
  if (levels.length > 0) printLevels(levels);
  else printWorlds(all);
}

const results: StepResult[] = [];
for (const drill of chosen) {
  for (let round = 0; round < rounds; round += 1) {
    process.stdout.write(`\n${drill}, seed ${firstSeed + round}: ${drills[drill]}\n`);
    results.push(await run(drill, firstSeed + round));
    printFigures();
  }
}
printSteps(results);
const failed = results.filter(({ ok }) => !ok).length;
process.stdout.write(`\nfirst seed ${firstSeed}: ${results.length - failed} of ${results.length} held\n`);
process.exit(failed === 0 ? 0 : 1);
