import { expect, test } from 'vitest';
import { closureOf, readPackages } from './debian-closure.ts';

const line = (name: string, status: string, needs = '', provides = '') =>
  `${name}\t${status}\t, ${needs}\t${provides}\n`;

test('a package comes with what it needs, the alternative that is installed, and who provides it', () => {
  const packages = readPackages(
    line('git', 'installed', 'libc6 (>= 2.36), perl:any | other, awk') +
      line('perl', 'installed', 'libc6') +
      line('other', 'config-files') +
      line('libc6', 'installed', 'git') +
      line('mawk', 'installed', '', 'awk (= 1)') +
      line('unrelated', 'installed'),
  );
  expect(closureOf(packages, ['git', 'not-there'])).toEqual(['git', 'libc6', 'mawk', 'perl']);
});
