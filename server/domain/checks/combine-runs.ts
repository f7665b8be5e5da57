import type { TestCase } from './evidence.ts';
import { mostCases } from './limits.ts';
import type { TestRun } from './read-test-run.ts';

type Ran = { command: string; run: TestRun };

const gravity = ['passed', 'failed', 'broken'] as const;

/** The runs of several test commands as one: as bad as the worst of them. The cases of all but the first name theirs. */
export function combineRuns(ran: readonly Ran[]): TestRun {
  const [only] = ran;
  if (ran.length === 1 && only) return only.run;
  const worst = ran.reduce<Ran | null>((bad, each) => (bad && weight(bad) >= weight(each) ? bad : each), null)!;
  return {
    verdict: worst.run.verdict,
    detail: worst.run.verdict === 'passed' ? worst.run.detail : `${worst.command}: ${worst.run.detail}`,
    exitCode: worst.run.exitCode,
    durationMs: ran.reduce((sum, { run }) => sum + run.durationMs, 0),
    cases: casesOf(ran),
    failing: [...new Set(ran.flatMap(({ run }) => run.failing))].toSorted(),
    output: ran.map(({ command, run }) => `$ ${command}\n${run.output}`).join('\n\n'),
  };
}

function weight({ run }: Ran): number {
  return gravity.indexOf(run.verdict);
}

function casesOf(ran: readonly Ran[]): TestCase[] | null {
  const cases: TestCase[] = [];
  for (const [at, { command, run }] of ran.entries()) {
    if (run.cases === null) return null;
    cases.push(...run.cases.map((test) => (at === 0 ? test : { ...test, command })));
  }
  return cases.length > mostCases ? null : cases;
}

/** Of cases that were seen under all commands, those of the given ones, whose first is the repo's own. */
export function casesUnder(cases: TestCase[] | null, commands: readonly string[]): TestCase[] | null {
  return cases && cases.filter(({ command }) => command === undefined || commands.includes(command));
}

/** A run that did not come to its tests because of the change itself is its author's to mend, not a broken host. */
export function asOfChange(run: TestRun): TestRun {
  return run.verdict === 'broken' && run.brokenAt !== undefined ? { ...run, verdict: 'failed' } : run;
}
