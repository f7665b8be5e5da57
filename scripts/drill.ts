import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { printSteps, runStep, type StepResult } from './steps.ts';

/** What each drill does, in a line, and how many minutes it may take. All down to `steps` are judged by the verifier. */
const drills = {
  model: {
    what: 'the provider answers 429 and 529, cuts streams, spoils them and what calls come with, and finds a prompt too long',
    minutes: 10,
  },
  clock: { what: 'the worker’s clock jumps an hour forth and back while it works', minutes: 10 },
  asleep: { what: 'the worker’s host sleeps for an hour within every command', minutes: 10 },
  slices: {
    what: 'slices are delivered many times, late, out of order, and past the engine from a second worker',
    minutes: 10,
  },
  race: { what: 'eight workers go for every slice of a run at once', minutes: 10 },
  zombie: { what: 'a worker is stopped past its lease, taken over, and continued', minutes: 10 },
  kill: {
    what: 'kill -9 of the worker twenty times under a budget of 60 s of run-time, at work and while a person is waited for',
    minutes: 20,
  },
  steps: { what: 'kill -9 of the worker after every recorded step', minutes: 40 },
  ledger: { what: '10,000 reservations, 500 at a time, at every level', minutes: 40 },
  sandboxes: {
    what: '1,000 starts of sandboxes and twenty kills of their worker, then one with 25 up, beside a living one',
    minutes: 30,
  },
  viewers: {
    what: '1,000 viewers of a run that is being written, cut at any byte, and kill -9 of the server five times',
    minutes: 40,
  },
  restarts: { what: 'kill -9 two hundred times of the server or of who writes, under twenty viewers', minutes: 40 },
  late: { what: 'transactions that stand open beside the tail, and are committed late or not at all', minutes: 20 },
  crash: { what: 'the whole sample task with kill -9 of web, worker and engine at three moments', minutes: 15 },
} as const;
type Drill = keyof typeof drills;
const names = Object.keys(drills) as Drill[];

const usage = `Usage: npm run drill -- [NAME…] [--seed WHOLE_NUMBER] [--rounds 1..200] [--quick]
${names.map((name) => `  ${name.padEnd(8)}${drills[name].what}`).join('\n')}
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

/** Drills that are not among those of the worker: project, file and which of its tests. */
const elsewhere: Partial<Record<Drill, [string, string, string?]>> = {
  ledger: ['db', 'server/db/ledger.db.test.ts', 'reservations at once'],
  sandboxes: ['flow', 'server/adapters/sandbox/leaks.flow.test.ts'],
  viewers: ['db', 'server/api/stream-drills.db.test.ts', 'viewers$'],
  restarts: ['db', 'server/api/stream-drills.db.test.ts', 'restarts$'],
  late: ['db', 'server/services/runs/late-commit.db.test.ts'],
};

function run(drill: Drill, seed: number): Promise<StepResult> {
  const name = `${drill} ${seed}`;
  const limitMs = drills[drill].minutes * 60_000;
  if (drill === 'crash') {
    return runStep(name, 'node', ['cli/fleet.mjs', 'demo', '--story', 'crash', '--seed', String(seed)], limitMs);
  }
  const given = `FLEET_DRILL=${JSON.stringify({ seed, full: !values.quick, report })}`;
  const [project, file, only = ''] = elsewhere[drill] ?? [
    'flow',
    'inngest/runtime/drills.flow.test.ts',
    `drill: ${drill}$`,
  ];
  return runStep(name, 'env', [given, 'vitest', 'run', '--project', project, file, '-t', only], limitMs);
}

/** What a drill says while it runs, and what the verifier counted: a line for each world that it judged. */
const report = path.join(mkdtempSync(path.join(tmpdir(), 'fleet-drill-')), 'figures');

type Figures = Record<string, number>;

const out = (line: string) => process.stdout.write(`  ${line}\n`);

/** Prints what the running drill says as it says it; `end` returns what it counted. */
function listen(): { end(): Figures[] } {
  const counted: Figures[] = [];
  let heard = 0;
  const hear = () => {
    if (!existsSync(report)) return;
    const lines = readFileSync(report, 'utf8').split('\n').slice(0, -1);
    for (const line of lines.slice(heard)) {
      const told = JSON.parse(line) as Figures | { says: string };
      if (typeof told.says === 'string') out(told.says);
      else counted.push(told as Figures);
    }
    heard = lines.length;
  };
  const timer = setInterval(hear, 500);
  return {
    end() {
      clearInterval(timer);
      hear();
      rmSync(report, { force: true });
      return counted;
    },
  };
}

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

let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => (interrupted = true));

const results: StepResult[] = [];
for (const drill of chosen) {
  for (let round = 0; round < rounds && !interrupted; round += 1) {
    process.stdout.write(`\n${drill}, seed ${firstSeed + round}: ${drills[drill].what}\n`);
    const telling = listen();
    results.push(await run(drill, firstSeed + round));
    const worlds = telling.end();
    if (worlds.length > 0) printWorlds(worlds);
  }
}
printSteps(results);
const failed = results.filter(({ ok }) => !ok).length;
process.stdout.write(`\nfirst seed ${firstSeed}: ${results.length - failed} of ${results.length} held\n`);
process.exit(failed === 0 && !interrupted ? 0 : 1);
