import type { TestRun } from './read-test-run.ts';

/** Whether a failure is worth another try: the tests ran to their end, and some failed. */
export function deservesSecondTry({ verdict, exitCode, brokenAt }: TestRun): boolean {
  return verdict === 'failed' && exitCode !== null && brokenAt === undefined;
}

/** A failure and its second try as one run: what passes then goes on, marked; what fails then has failed. */
export function withSecondTry(first: TestRun, second: TestRun): TestRun {
  const durationMs = first.durationMs + second.durationMs;
  const output = `${first.output}\n\nFleet: the tests failed and were run once more.\n\n${second.output}`;
  if (second.verdict !== 'passed') return { ...second, durationMs, output };
  const named = first.failing.length > 0 ? first.failing : ['the tests as a whole'];
  const detail = `The tests fail at times: they failed at first and passed when they were run once more.`;
  return { ...second, detail, durationMs, output, flaky: named };
}
