import type { CheckEvidence, TestCase } from './evidence.ts';
import { label, type TestRun } from './read-test-run.ts';

export type Counts = { passed: number; failed: number; skipped: number };

type Comparison = Pick<CheckEvidence, 'newTests' | 'removedTests' | 'newlySkippedTests'>;

/**
 * What became of the tests between base and head. `onBase` are the cases of a run of the base with head's test files in
 * it: a new test that passes there says nothing about the change. Null lists are unknown and compare to nothing: ask
 * `isCompared` before reading an empty list as good news.
 */
export function compareTests(runs: {
  head: TestCase[] | null;
  baseline: TestCase[] | null;
  onBase: TestCase[] | null;
}): Comparison {
  if (!runs.head || !runs.baseline) return { newTests: [], removedTests: [], newlySkippedTests: [] };
  const head = byKey(runs.head);
  const baseline = byKey(runs.baseline);
  const onBase = runs.onBase ? byKey(runs.onBase) : null;
  const broken = brokenFiles(runs.onBase ?? []);
  const newTests = [...head.entries()]
    .filter(([key, test]) => !baseline.has(key) && !isFile(test))
    .map(([key, test]) => ({
      name: test.name,
      file: test.file,
      onBase: fate(onBase?.get(key), test, broken),
      onHead: test.result,
    }));
  const removedTests = [...baseline.entries()]
    .filter(([key, test]) => !head.has(key) && !isFile(test))
    .map(([, test]) => label(test));
  const newlySkippedTests = [...head.entries()]
    .filter(([key, test]) => test.result === 'skipped' && isRun(baseline.get(key)))
    .map(([, test]) => label(test));
  return { newTests, removedTests, newlySkippedTests };
}

/** Whether the lists of new, removed and skipped tests say anything: false where either side could not be counted. */
export function isCompared({ tests, baseline }: Pick<CheckEvidence, 'tests' | 'baseline'>): boolean {
  return tests !== null && baseline !== null;
}

/** A run that passes and whose tests went out of sight fails: nobody could say that none was removed. */
export function failUnreadable(run: TestRun, baseline: TestCase[] | null): TestRun {
  if (run.verdict !== 'passed' || run.cases !== null || !baseline || baseline.length === 0) return run;
  const detail =
    `The tests can no longer be read: the test command succeeds, but its ${baseline.length} tests on the base cannot be ` +
    'told apart on this commit. Leave the test command and its reporter as they are on the base.';
  return { ...run, verdict: 'failed', detail, output: `${run.output}\n\nFleet: ${detail}` };
}

export function countTests(cases: TestCase[] | null): Counts | null {
  if (!cases) return null;
  const of = (result: TestCase['result']) => cases.filter((test) => test.result === result).length;
  return { passed: of('passed'), failed: of('failed'), skipped: of('skipped') };
}

function byKey(cases: TestCase[]): Map<string, TestCase> {
  const found = new Map<string, TestCase>();
  for (const test of cases) {
    const key = `${test.file ?? ''}\n${test.name}`;
    // Two cases of one name in one file count as failed when either fails.
    if (found.get(key)?.result !== 'failed') found.set(key, test);
  }
  return found;
}

/** A test file that cannot even be loaded on the base has not passed there. */
function fate(there: TestCase | undefined, test: TestCase, broken: Set<string>): 'failed' | 'passed' | 'not_run' {
  if (there && there.result !== 'skipped') return there.result;
  return test.file !== null && broken.has(test.file) ? 'failed' : 'not_run';
}

function brokenFiles(onBase: TestCase[]): Set<string> {
  return new Set(onBase.filter((test) => isFile(test) && test.result === 'failed').map(({ name }) => name));
}

/** node:test reports a file that fails as a whole as a case of the file's own name. */
function isFile(test: TestCase): boolean {
  return test.file !== null && test.name === test.file;
}

function isRun(test: TestCase | undefined): boolean {
  return test !== undefined && test.result !== 'skipped';
}
