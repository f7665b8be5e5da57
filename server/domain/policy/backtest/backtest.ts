import type { Action } from '../action.ts';
import { decideByEach } from '../decide.ts';
import type { ActionFacts } from '../deeds-of.ts';
import type { Policy } from '../policy.ts';
import { actionTarget } from '../recorded-action.ts';
import { downloadsOf } from '../shell/read-script.ts';
import type { Verdict, VerdictWord } from '../verdict.ts';

/** What a recorded action would newly be. */
export const directions = ['denied', 'asked', 'allowed'] as const;
export type Direction = (typeof directions)[number];
export type Tally = Record<Direction, number>;

type Said = Pick<Verdict, 'verdict' | 'rule'>;

/** A recorded call on which the draft says otherwise than the saved policy. `recorded` is what was decided then. */
export type ChangedCall = {
  direction: Direction;
  runId: string;
  callId: string;
  at: string;
  role: string;
  repo: string;
  tool: string;
  target: string;
  recorded: VerdictWord;
  before: Said;
  after: Said & { reason: string };
};

export const groupings = ['role', 'repo', 'rule'] as const;

/** How a part of the recorded calls, or all, come out under a draft. Parts add up to the whole. */
export type Backtest = {
  calls: number;
  changed: Tally;
  by: Record<(typeof groupings)[number], Record<string, Tally>>;
  /** What people would be asked: once per run and rule, because the answer holds for the run; twice where two decide. */
  questions: { before: number; after: number };
  /** The first of each direction. */
  shown: ChangedCall[];
};

/** `total`: all recorded calls of the time, on the first page only. `next` is null on the last one. */
export type BacktestPage = { part: Backtest; total: number | null; next: string | null };

/** How long one person takes for one question. */
export const minutesPerQuestion = 2;
const mostShown = 50;
const noTally: Tally = { denied: 0, asked: 0, allowed: 0 };

export const emptyBacktest = (): Backtest => ({
  calls: 0,
  changed: { ...noTally },
  by: { role: {}, repo: {}, rule: {} },
  questions: { before: 0, after: 0 },
  shown: [],
});

/** More than none: what the draft costs in minutes of people's time; less than none: what it saves. */
export const minutesMore = ({ questions: { before, after } }: Backtest) => (after - before) * minutesPerQuestion;

type TestedCall = { callId: string; at: string; tool: string; action: Action | null; recorded: VerdictWord };

export type TestedRun = {
  runId: string;
  role: string;
  repo: string;
  /** The saved policy and the draft, each with all layers of the run. */
  policies: readonly [Policy, Policy];
  facts: ActionFacts & { shell: { downloaded: Set<string> } };
  calls: readonly TestedCall[];
};

const directionOf: Record<VerdictWord, Direction> = { deny: 'denied', ask: 'asked', allow: 'allowed' };

class Tallying {
  readonly #all = emptyBacktest();
  readonly #asked = { before: new Map<string, number>(), after: new Map<string, number>() };
  readonly #run: TestedRun;

  constructor(run: TestedRun) {
    this.#run = run;
  }

  take({ action, recorded, ...call }: TestedCall): void {
    const { policies, facts, runId, role, repo } = this.#run;
    this.#all.calls += 1;
    if (action === null) return;
    const [before, after] = decideByEach(policies, action, facts) as [Verdict, Verdict];
    if (action.kind === 'shell' && recorded === 'allow')
      for (const path of downloadsOf(action.command, facts.shell)) facts.shell.downloaded.add(path);
    this.#ask('before', before);
    this.#ask('after', after);
    if (before.verdict === after.verdict) return;
    const direction = directionOf[after.verdict];
    const rule = direction === 'allowed' ? before.rule : after.rule;
    add(this.#all.changed, direction);
    for (const [grouping, key] of Object.entries({ role, repo, rule }) as ['role' | 'repo' | 'rule', string][])
      add((this.#all.by[grouping][key] ??= { ...noTally }), direction);
    const said = ({ verdict, rule: by }: Verdict) => ({ verdict, rule: by });
    const target = actionTarget(action).slice(0, 300);
    const of = { direction, runId, role, repo, target, recorded };
    const verdicts = { before: said(before), after: { ...said(after), reason: after.reason } };
    this.#all.shown.push({ ...of, ...call, ...verdicts });
  }

  #ask(when: 'before' | 'after', { verdict, rule, who }: Verdict): void {
    if (verdict === 'ask') this.#asked[when].set(rule, who === 'two' ? 2 : 1);
  }

  result(): Backtest {
    const sum = (of: Map<string, number>) => [...of.values()].reduce((one, other) => one + other, 0);
    const questions = { before: sum(this.#asked.before), after: sum(this.#asked.after) };
    return { ...this.#all, questions, shown: shownOf(this.#all.shown) };
  }
}

function add(to: Tally, direction: Direction): void {
  to[direction] += 1;
}

function shownOf(calls: readonly ChangedCall[]): ChangedCall[] {
  return directions.flatMap((each) => calls.filter(({ direction }) => direction === each).slice(0, mostShown));
}

/** What the draft would have changed for one run's calls, in their order. */
export function backtestRun(run: TestedRun): Backtest {
  const tallying = new Tallying(run);
  for (const call of run.calls) tallying.take(call);
  return tallying.result();
}

const summed = (one: Tally = noTally, other: Tally = noTally): Tally => ({
  denied: one.denied + other.denied,
  asked: one.asked + other.asked,
  allowed: one.allowed + other.allowed,
});

function joined(one: Record<string, Tally>, other: Record<string, Tally>): Record<string, Tally> {
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(keys.map((key) => [key, summed(one[key], other[key])]));
}

/** Two parts as one; which comes first matters only to which calls are shown. */
export function mergeBacktests(one: Backtest, other: Backtest): Backtest {
  return {
    calls: one.calls + other.calls,
    changed: summed(one.changed, other.changed),
    by: {
      role: joined(one.by.role, other.by.role),
      repo: joined(one.by.repo, other.by.repo),
      rule: joined(one.by.rule, other.by.rule),
    },
    questions: {
      before: one.questions.before + other.questions.before,
      after: one.questions.after + other.questions.after,
    },
    shown: shownOf([...one.shown, ...other.shown]),
  };
}
