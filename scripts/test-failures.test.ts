import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeFailures, endOf, failuresOfPlaywright, failuresOfVitest } from './test-failures.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleet-failures-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function report(content: unknown): string {
  const path = join(folder, 'report.json');
  writeFileSync(path, JSON.stringify(content));
  return path;
}

it('names a test that failed by its file and whole name, and leaves out those that passed', () => {
  const path = report({
    testResults: [
      {
        name: '/repo/server/a.test.ts',
        status: 'failed',
        message: '',
        assertionResults: [
          { status: 'passed', fullName: 'a b', failureMessages: [] },
          { status: 'failed', fullName: 'a c', failureMessages: ['expected 1 to be 2'] },
        ],
      },
    ],
  });
  expect(failuresOfVitest(path, '/repo')).toEqual([
    { place: 'server/a.test.ts', title: 'a c', message: 'expected 1 to be 2' },
  ]);
});

it('names a file of tests that could not be loaded', () => {
  const path = report({
    testResults: [{ name: '/repo/a.test.ts', status: 'failed', message: 'no such module', assertionResults: [] }],
  });
  expect(failuresOfVitest(path, '/repo')).toEqual([
    { place: 'a.test.ts', title: 'the file', message: 'no such module' },
  ]);
});

it('finds browser stories in groups within groups, and errors outside any', () => {
  const spec = (title: string, ok: boolean) => ({
    ok,
    title,
    file: 'a.spec.ts',
    line: 3,
    tests: [{ results: [{ errors: ok ? [] : [{ message: 'not visible' }] }] }],
  });
  const path = report({
    errors: [{ message: 'no browser' }],
    suites: [{ specs: [spec('fine', true)], suites: [{ suites: [{ specs: [spec('broken', false)] }] }] }],
  });
  expect(failuresOfPlaywright(path)).toEqual([
    { place: 'e2e', title: 'outside any test', message: 'no browser' },
    { place: 'a.spec.ts:3', title: 'broken', message: 'not visible' },
  ]);
});

it('cuts a long message, removes its colours and says how much is left out', () => {
  const failure = {
    place: 'a',
    title: 't',
    message: Array.from({ length: 40 }, (_, at) => `\u001b[31m${at}`).join('\n'),
  };
  const text = describeFailures(Array.from({ length: 22 }, () => failure));
  expect(text).not.toContain('\u001b');
  expect(text).toContain('… and 10 lines more');
  expect(text).toContain('… and 2 failures more');
});

it('says nothing where nothing failed', () => {
  expect(describeFailures([])).toBe('');
});

it('keeps the last lines of an output', () => {
  expect(
    endOf(`${Array.from({ length: 50 }, (_, at) => at).join('\n')}\n`)
      .split('\n')
      .at(-1),
  ).toBe('49');
});
