import { describe, expect, it, test } from 'vitest';
import { asOfChange, casesUnder, combineRuns } from '../checks/combine-runs.ts';
import type { TestRun } from '../checks/read-test-run.ts';
import { networkWords } from './network-words.ts';
import { noSetup, repoSetup } from './repo-setup.ts';
import { settingsDigest, setupKey } from './setup-key.ts';
import { surveyNotes } from './survey-notes.ts';
import { testCommands } from './test-plan.ts';
import { missingTools, readTools } from './tools.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('what a set-up makes is named by its command, registries, tools and lockfiles', () => {
  const setup = repoSetup.parse({ install: 'npm ci', registries: ['npm'], lockfiles: ['package-lock.json'] });
  const stands = { setup, toolchain: ['node v24'], lockfiles: [{ path: 'package-lock.json', bytes: bytes('{}') }] };
  const key = setupKey(stands);
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect(setupKey({ ...stands, setup: { ...setup, lint: 'npm run lint' } })).toBe(key);
  const others = [
    { ...stands, setup: { ...setup, install: 'npm ci --omit dev' } },
    { ...stands, setup: { ...setup, registries: [] } },
    { ...stands, toolchain: ['node v25'] },
    { ...stands, lockfiles: [{ path: 'package-lock.json', bytes: bytes('{"a":1}') }] },
    { ...stands, lockfiles: [{ path: 'package-lock.json', bytes: null }] },
  ];
  expect(new Set([key, ...others.map(setupKey)]).size).toBe(6);
  expect(settingsDigest({ testCommand: 'a', setup })).not.toBe(settingsDigest({ testCommand: 'b', setup }));
});

test('more tests run for changes that touch their paths, and all of them on the base', () => {
  const setup = { ...noSetup, tests: [{ paths: ['web/**', 'shared/**'], command: 'npm run web' }] };
  const plan = (paths: string[] | null) => testCommands({ testCommand: 'npm test', setup }, paths);
  expect(plan(null)).toEqual(['npm test', 'npm run web']);
  expect(plan(['api/a.js'])).toEqual(['npm test']);
  expect(plan(['api/a.js', 'shared/b.js'])).toEqual(['npm test', 'npm run web']);
});

describe('tools', () => {
  const tools = readTools('node v24.1.0\nnpm 11.0\n\npython3 Python 3.13\nmachine x86_64\n');
  it.each<[string, string, string, string[]]>([
    ['npm test', 'npm ci', '', []],
    ['go test ./...', 'go mod download', '', ['go']],
    ['cargo test --offline', 'CARGO_HOME=/x cargo fetch', '', ['cargo']],
    ['./mvnw -B test', './mvnw -B -q dependency:go-offline', '', ['java']],
    ['pnpm test', 'command -v pnpm >/dev/null || npm install pnpm', '', []],
    ['pnpm test', 'pnpm install', '', ['pnpm']],
    ['(cd api && go test ./...)', '', 'make all', ['go', 'make']],
    ['./scripts/go-test.sh', '', '', []],
    ['npx vitest run', '', '', []],
  ])('%s after %s', (testCommand, install, build, missing) => {
    expect(missingTools({ testCommand, setup: { ...noSetup, install, build } }, tools)).toEqual(missing);
  });
});

test('notes on files', () => {
  expect(surveyNotes({ files: 3, lfsPointers: 0, submodules: [] })).toEqual([]);
  const notes = surveyNotes({ files: 20_000, lfsPointers: 1_204, submodules: ['a', 'b', 'c', 'd'] });
  expect(notes).toEqual([
    '1,204 files are Git LFS pointers: the content is not fetched, and tests that need it will fail.',
    'a, b, c and 1 more are submodules: their folders are empty here.',
    'The repo has 20,000 files: the first work tree takes longer to lay out.',
  ]);
});

test('what a set-up asked of the network is counted', () => {
  const asked = { method: 'CONNECT', path: null, refusal: null, address: null, injected: [], port: 443 };
  const npm = { ...asked, host: 'registry.npmjs.org', allowed: true, rule: 'registry npm' };
  const odd = { ...asked, host: 'evil.test', allowed: false, rule: 'no rule opens evil.test:443' };
  expect(networkWords([npm, npm, odd])).toBe(
    'network: registry.npmjs.org:443, 2 let through\nnetwork: evil.test:443, 1 refused: no rule opens evil.test:443',
  );
  expect(networkWords([])).toBe('');
});

describe('several test commands as one run', () => {
  const run = (over: Partial<TestRun>): TestRun => ({
    ...{ verdict: 'passed', detail: 'All tests pass.', exitCode: 0, durationMs: 10, failing: [], output: 'out' },
    cases: [{ name: 'a', file: null, result: 'passed' }],
    ...over,
  });
  const failed = run({
    verdict: 'failed',
    detail: '1 test fails.',
    exitCode: 1,
    failing: ['b'],
    cases: [{ name: 'b', file: null, result: 'failed' }],
  });

  it('is as bad as the worst and knows whose the cases are', () => {
    expect(combineRuns([{ command: 'npm test', run: failed }])).toBe(failed);
    const both = combineRuns([
      { command: 'npm test', run: run({}) },
      { command: 'make web', run: failed },
    ]);
    expect(both).toMatchObject({ verdict: 'failed', detail: 'make web: 1 test fails.', exitCode: 1, durationMs: 20 });
    expect(both.cases).toEqual([
      { name: 'a', file: null, result: 'passed' },
      { name: 'b', file: null, result: 'failed', command: 'make web' },
    ]);
    expect(casesUnder(both.cases, ['npm test'])).toHaveLength(1);
    expect(casesUnder(both.cases, ['npm test', 'make web'])).toHaveLength(2);
    const unread = combineRuns([
      { command: 'npm test', run: run({}) },
      { command: 'x', run: run({ cases: null }) },
    ]);
    expect(unread.cases).toBeNull();
  });

  it('what the change itself broke is its author’s to mend', () => {
    const broken = run({ verdict: 'broken' });
    expect(asOfChange(broken)).toBe(broken);
    expect(asOfChange({ ...broken, brokenAt: 'set-up' }).verdict).toBe('failed');
  });
});
