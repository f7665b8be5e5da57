import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { branchHistory } from './branch-commits.ts';

const root = mkdtempSync(path.join(tmpdir(), 'fleet-coverage-'));
const repo = path.join(root, 'origin');
const git = (at: string, args: string[], date = '2026-11-01T00:00:00Z') =>
  execa('git', ['-C', at, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
    env: { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
  });
const commit = (subject: string, date: string) => git(repo, ['commit', '--allow-empty', '-m', subject], date);

beforeAll(async () => {
  await git(root, ['init', '-q', '-b', 'trunk', repo]);
  await commit('old', '2026-10-01T00:00:00Z');
  await git(repo, ['checkout', '-q', '-b', 'side']);
  await commit('on the side', '2026-11-02T00:00:00Z');
  await git(repo, ['checkout', '-q', 'trunk']);
  await git(repo, ['merge', '-q', '--no-ff', '-m', 'Merge\n\nFleet-Audit-Tree: 1:aa', 'side'], '2026-11-03T00:00:00Z');
  await commit('by hand', '2026-11-04T00:00:00Z');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('the commits that the default branch was at since then, the newest first, whatever is checked out', async () => {
  const clone = path.join(root, 'clone');
  await git(root, ['clone', '-q', repo, clone]);
  await git(clone, ['checkout', '-q', '-b', 'other', 'origin/side']);
  const { branch, commits, messages } = await branchHistory({
    repo: clone,
    since: new Date('2026-11-01'),
    branch: undefined,
  });
  expect(branch).toBe('origin/trunk');
  expect(commits.map(({ subject }) => subject)).toEqual(['by hand', 'Merge']);
  expect(commits[0]?.commit).toMatch(/^[0-9a-f]{40}$/);
  expect(messages).toContain('Fleet-Audit-Tree: 1:aa');
  expect(messages).toContain('on the side');
});

test.each([
  ['no repository', root, undefined],
  ['no such branch', repo, 'nowhere'],
  ['what git would take for an option', repo, '--output=/tmp/x'],
])('%s is refused in words', async (_, at, branch) => {
  await expect(branchHistory({ repo: at, since: new Date(0), branch })).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringContaining('cannot be read'),
  });
});
