import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entersGit, isGitName, placeInWork, workPath } from './work-path.ts';

describe('paths below /work', () => {
  test.each([
    ['a/b', 'a/b'],
    ['./a//b/', 'a/b'],
    ['a/../b', 'b'],
    ['/work', '.'],
    ['/work/a', 'a'],
    ['', '.'],
    ['...', '...'],
    ['-rf', '-rf'],
  ])('%j is %j', (path, normal) => {
    expect(placeInWork(path)).toEqual({ ok: true, path: normal });
  });

  test.each(['..', 'a/../..', '/', '/etc', '/workshop', 'a\0', '\udc00', 'a'.repeat(4097)])('%j is none', (path) => {
    expect(placeInWork(path).ok).toBe(false);
  });

  test.each([
    ['/work', ''],
    ['.', ''],
    ['a/../b', 'b'],
    ['..', null],
  ])('%j lies at %j', (path, place) => expect(workPath(path)).toBe(place));

  test('whatever is typed, what comes out names nothing above, and is its own normal form', () => {
    const part = fc.oneof(fc.constantFrom('..', '.', '', 'a', '.git', 'work'), fc.string());
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const found = placeInWork(parts.join('/'));
        if (!found.ok) return;
        expect(found.path.split('/')).not.toContain('..');
        expect(found.path.startsWith('/')).toBe(false);
        expect(placeInWork(found.path)).toEqual(found);
      }),
    );
  });
});

describe('names that some file system takes for .git', () => {
  test.each([
    '.git',
    '.GIT',
    '.Git',
    '.git.',
    '.git ',
    '.git . .',
    '.git:x',
    'git~1',
    'GIT~1',
    '.g\u200dit',
    '\ufeff.git',
    '．ｇｉｔ',
  ])('%j', (name) => expect(isGitName(name)).toBe(true));

  test.each(['.gitignore', '.github', 'git', 'a.git', '.git2', '..git', 'git~2'])('not %j', (name) => {
    expect(isGitName(name)).toBe(false);
  });

  test('at any depth', () => {
    expect(entersGit('a/.git/hooks')).toBe(true);
    expect(entersGit('a/git/hooks')).toBe(false);
  });
});
