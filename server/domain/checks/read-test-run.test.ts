import { describe, expect, it } from 'vitest';
import type { ExecResult } from '../ports/sandbox.ts';
import { compareTests, countTests, failUnreadable, isCompared } from './compare-tests.ts';
import type { TestCase } from './evidence.ts';
import { parseJunit } from './parse-junit.ts';
import { parseTap } from './parse-tap.ts';
import { lastLines, plainText } from './plain-text.ts';
import { readTestRun } from './read-test-run.ts';
import { testScript } from './test-command.ts';

// As node 24.21 wrote it; the broken file has one case of its own name.
const nodeReport = `<?xml version="1.0" encoding="utf-8"?>
<testsuites>
	<testcase name="a passes" time="0.000775" classname="test" file="/work/test/a.test.mjs"/>
	<testcase name="b &lt;fails> &amp;quot;x&amp;quot;" time="0.0007" classname="test" file="/work/test/a.test.mjs" failure="1 == 2">
		<failure type="testCodeFailure" message="1 == 2">
[Error [ERR_TEST_FAILURE]: 1 == 2] { at TestContext.&lt;anonymous> }
		</failure>
	</testcase>
	<testcase name="c skip" time="0.000139" classname="test" file="/work/test/a.test.mjs">
		<skipped type="skipped" message="why"/>
	</testcase>
	<testcase name="d todo" time="0.000229" classname="test" file="/work/test/a.test.mjs" failure="1 == 2">
		<skipped type="todo" message="true"/>
		<failure type="testCodeFailure" message="1 == 2"></failure>
	</testcase>
	<testsuite name="suite" time="0.000745" disabled="0" errors="0" tests="2" failures="1" skipped="0" hostname="vm">
		<testcase name="inner" time="0.000161" classname="suite" file="/work/test/a.test.mjs"/>
	</testsuite>
	<testcase name="test/b.test.mjs" time="0.0353" classname="test" file="/work/test/b.test.mjs" failure="test failed">
		<failure type="testCodeFailure" message="test failed"></failure>
	</testcase>
	<!-- tests 9 -->
</testsuites>`;

const bytes = (text: string) => new TextEncoder().encode(text);
const ran = (output: string, over: Partial<ExecResult> = {}): ExecResult => ({
  exitCode: 0,
  ended: 'exited',
  head: bytes(output),
  tail: bytes(''),
  droppedBytes: 0,
  durationMs: 900,
  ...over,
});
const test = (name: string, result: TestCase['result'] = 'passed', file: string | null = 't.js'): TestCase => ({
  name,
  file,
  result,
});

describe('parseJunit', () => {
  it('reads node:test', () => {
    expect(parseJunit(nodeReport, '/work')).toEqual([
      test('a passes', 'passed', 'test/a.test.mjs'),
      test('b <fails> "x"', 'failed', 'test/a.test.mjs'),
      test('c skip', 'skipped', 'test/a.test.mjs'),
      test('d todo', 'skipped', 'test/a.test.mjs'),
      test('suite > inner', 'passed', 'test/a.test.mjs'),
      test('test/b.test.mjs', 'failed', 'test/b.test.mjs'),
    ]);
  });

  it('reads pytest', () => {
    const report = `<?xml version="1.0"?><testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="1">
      <testcase classname="tests.test_a" name="test_ok" time="0.001" />
      <testcase classname="tests.test_a" name="test_no" time="0.001"><failure message="x">y</failure></testcase>
      </testsuite></testsuites>`;
    expect(parseJunit(report, '/work')).toEqual([
      test('tests.test_a > test_ok', 'passed', null),
      test('tests.test_a > test_no', 'failed', null),
    ]);
  });

  it.each(['', 'no xml', '<testsuites><testcase name="cut'])('gives up on %j', (text) => {
    expect(parseJunit(text, '/work')).toBeNull();
  });
});

describe('parseTap', () => {
  it('reads subtests once', () => {
    const tap = `noise\nTAP version 13\n# Subtest: adds\nok 1 - adds\n  ---\n  duration_ms: 1\n  ...
# Subtest: outer\n    # Subtest: inner\n    not ok 1 - inner\n    1..1\nnot ok 2 - outer\nok 3 - later # SKIP why\n1..3`;
    expect(parseTap(tap)).toEqual([
      test('adds', 'passed', null),
      test('outer > inner', 'failed', null),
      test('later', 'skipped', null),
    ]);
    expect(parseTap('ok, that is prose')).toBeNull();
  });
});

describe('readTestRun', () => {
  it('separates what people read from what is counted', () => {
    const run = readTestRun(ran(`✔ a passes\n\nMARK\n${nodeReport}`, { exitCode: 1 }), 'MARK');
    expect(run).toMatchObject({
      verdict: 'failed',
      failing: ['test/a.test.mjs: b <fails> "x"', 'test/b.test.mjs'],
      output: '✔ a passes\n',
    });
    expect(run.detail).toContain('2 tests fail');
    expect(countTests(run.cases)).toEqual({ passed: 2, failed: 2, skipped: 2 });
  });

  it.each([
    [ran('fine'), 'passed'],
    [ran('no', { exitCode: 3 }), 'failed'],
    [ran('bash: pytest: command not found', { exitCode: 127 }), 'broken'],
    [ran('', { exitCode: null, ended: 'timed_out', durationMs: 60_000 }), 'failed'],
    [ran('', { exitCode: null, ended: 'killed' }), 'broken'],
  ])('judges by exit code alone where it must (%#)', (result, verdict) => {
    const run = readTestRun(result, 'MARK');
    expect(run).toMatchObject({ verdict, cases: null, failing: [] });
    expect(run.detail).not.toBe('');
  });

  it('survives binary output with a gap', () => {
    const result = ran('', {
      head: new Uint8Array([0xff, 0, 0x41]),
      tail: bytes('\u001b[31mred\u001b[0m'),
      droppedBytes: 9,
    });
    expect(readTestRun(result, 'MARK').output).toBe('\ufffdA\n… 9 bytes left out …\nred');
  });
});

describe('testScript', () => {
  const packageJson = JSON.stringify({ scripts: { test: 'node --test' } });
  it('asks node:test for a report only where the script takes one', () => {
    const script = (command: string, pkg: string | null) => testScript({ command, packageJson: pkg, marker: 'M' });
    expect(script('npm test', packageJson)).toContain('--test-reporter=junit');
    expect(script('node --test test/', null)).toContain('--test-reporter=junit');
    expect(script('npm test', '{broken')).not.toContain('junit --test');
    expect(script('npm test', '{"scripts":{"test":"node --test --test-reporter=dot"}}')).not.toContain('=junit');
    expect(script(`make 'it'`, null)).toContain(`bash -c 'make '\\''it'\\'''`);
  });
});

describe('compareTests', () => {
  it('tells new tests that prove something from those that do not', () => {
    const baseline = [test('old'), test('gone'), test('ran')];
    const head = [test('old'), test('ran', 'skipped'), test('new'), test('weak'), test('n', 'passed', 'n.js')];
    const onBase = [test('old'), test('ran'), test('new', 'failed'), test('weak'), test('n.js', 'failed', 'n.js')];
    expect(compareTests({ head, baseline, onBase })).toEqual({
      newTests: [
        { name: 'new', file: 't.js', onBase: 'failed', onHead: 'passed' },
        { name: 'weak', file: 't.js', onBase: 'passed', onHead: 'passed' },
        { name: 'n', file: 'n.js', onBase: 'failed', onHead: 'passed' },
      ],
      removedTests: ['t.js: gone'],
      newlySkippedTests: ['t.js: ran'],
    });
    expect(compareTests({ head, baseline, onBase: null }).newTests[0]?.onBase).toBe('not_run');
    expect(compareTests({ head: null, baseline, onBase }).newTests).toEqual([]);
  });
});

describe('tests that cannot be read', () => {
  const counts = { passed: 1, failed: 0, skipped: 0 };
  it.each([
    [counts, counts, true],
    [null, counts, false],
    [counts, null, false],
    [null, null, false],
  ])('head %j, base %j: compared %s', (tests, baseline, expected) =>
    expect(isCompared({ tests, baseline })).toBe(expected),
  );

  it.each([
    ['gone from sight', ran('fine'), [test('a')], 'failed'],
    ['never readable', ran('fine'), null, 'passed'],
    ['no test on the base', ran('fine'), [], 'passed'],
    ['failing anyway', ran('no', { exitCode: 1 }), [test('a')], 'failed'],
    ['readable', ran('TAP version 13\nok 1 - a'), [test('a')], 'passed'],
    ['cut off', ran('', { exitCode: null, ended: 'killed' }), [test('a')], 'broken'],
  ] as const)('%s', (name, result, baseline, verdict) => {
    const run = failUnreadable(readTestRun(result, 'MARK'), baseline && [...baseline]);
    expect(run.verdict).toBe(verdict);
    const said = name === 'gone from sight';
    expect(run.detail.includes('The tests can no longer be read')).toBe(said);
    expect(run.output.includes('The tests can no longer be read')).toBe(said);
  });
});

describe('texts', () => {
  it('keeps whole last lines', () => {
    expect(lastLines('one\ntwo\nthree\n', 10)).toBe('two\nthree');
    expect(lastLines('short', 10)).toBe('short');
    expect(plainText(bytes('a\r\nb'))).toBe('a\nb');
  });
});
