import { expect, it } from 'vitest';
import { gitNamesIn } from './git-names.ts';

it('of what a look finds only what some file system takes for a repository of git is named', () => {
  const found = [
    './.git',
    './a/.GIT',
    './git~1',
    './.g\u200cit',
    './．git',
    './.git. ',
    './.gitignore',
    './legit',
    './é',
  ];
  expect(gitNamesIn(Buffer.from(`${found.join('\0')}\0`))).toEqual([
    '.git',
    'a/.GIT',
    'git~1',
    '.g\u200cit',
    '．git',
    '.git. ',
  ]);
});
