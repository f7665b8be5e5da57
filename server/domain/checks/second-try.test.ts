import { describe, expect, it } from 'vitest';
import type { TestRun } from './read-test-run.ts';
import { deservesSecondTry, withSecondTry } from './second-try.ts';

const passed: TestRun = {
  verdict: 'passed',
  detail: 'All tests pass.',
  exitCode: 0,
  durationMs: 300,
  cases: [{ name: 'adds', file: 'a.test.js', result: 'passed' }],
  failing: [],
  output: 'ok',
};
const failed: TestRun = {
  ...passed,
  verdict: 'failed',
  detail: '1 test fails: “a.test.js: adds”.',
  exitCode: 1,
  cases: [{ name: 'adds', file: 'a.test.js', result: 'failed' }],
  failing: ['a.test.js: adds'],
  output: 'not ok',
};

describe('a second try', () => {
  it.each<[string, TestRun, boolean]>([
    ['tests that failed', failed, true],
    ['tests that pass', passed, false],
    ['tests that were stopped by their time limit', { ...failed, exitCode: null, failing: [] }, false],
    ['a build that failed', { ...failed, brokenAt: 'build' }, false],
    ['a host that broke', { ...failed, verdict: 'broken' }, false],
  ])('%s', (_what, run, deserved) => {
    expect(deservesSecondTry(run)).toBe(deserved);
  });

  it('goes on, marked, with what passes then', () => {
    const run = withSecondTry(failed, passed);
    expect(run).toMatchObject({ verdict: 'passed', exitCode: 0, failing: [], flaky: ['a.test.js: adds'] });
    expect(run.durationMs).toBe(600);
    expect(run.output).toContain('not ok');
  });

  it('names the whole where cases are unknown', () => {
    const blind = { ...failed, cases: null, failing: [] };
    expect(withSecondTry(blind, { ...passed, cases: null }).flaky).toEqual(['the tests as a whole']);
  });

  it('fails with what still fails, unmarked', () => {
    const run = withSecondTry({ ...failed, failing: ['x', 'a.test.js: adds'] }, failed);
    expect(run).toMatchObject({ verdict: 'failed', failing: ['a.test.js: adds'] });
    expect(run.flaky).toBeUndefined();
  });
});
