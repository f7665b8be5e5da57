import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isRed } from './case.ts';
import type { GroupReport } from './report.ts';

const attack = (...args: string[]) =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, 'run.ts'), ...args], { maxBuffer: 2 ** 24 });

let folder = '';
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'fleet-suite-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  ['sandbox', 40],
  ['git', 34],
  ['network', 45],
  ['tenancy', 8],
  ['commands', 50],
  ['files', 34],
  ['injection', 54],
])(
  'the quick cases of the group %s get nothing out and let their twins pass',
  { timeout: 300_000 },
  async (group, least) => {
    const file = join(folder, `${group}.json`);
    // A red case exits with 1; which one it was is in the report.
    await attack(group, '--fast', '--json', file).catch(() => undefined);
    const reports: GroupReport[] = JSON.parse(await readFile(file, 'utf8'));
    const verdicts = reports.flatMap((report) => report.verdicts);
    expect(verdicts.filter(isRed)).toEqual([]);
    expect(verdicts.length).toBeGreaterThanOrEqual(least);
  },
);

test('the cases see a wall that is gone and that nobody missed', { timeout: 300_000 }, async () => {
  const seen = await attack('--without', 'net-namespace,proof', '--only', 'tcp-loopback').catch((error) => error);
  expect(seen.code, seen.stdout).toBe(1);
  expect(seen.stdout).toContain('1 ESCAPES: tcp-loopback');
});
