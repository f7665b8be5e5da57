import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileGlobs } from './glob.ts';
import { globsOverlap } from './overlap.ts';

describe('globsOverlap', () => {
  it.each([
    ['src/a.js', 'src/a.js', true],
    ['src/a.js', 'src/b.js', false],
    ['src/**', 'src/a/b.js', true],
    ['src/**', 'src', true],
    ['src/**', 'test/**', false],
    ['src/*.js', 'src/*.ts', false],
    ['src/*.js', 'src/a*', true],
    ['**/x.js', 'src/**', true],
    ['**/x.js', 'src/y.js', false],
    ['a?c', 'ab*', true],
    ['{a,b}/c', 'b/*', true],
    ['src/*', 'src/a/b', false],
    ['**', 'anything/at/all', true],
  ])('%s and %s: %s', (one, other, expected) => {
    expect(globsOverlap(one, other)).toBe(expected);
    expect(globsOverlap(other, one)).toBe(expected);
  });

  it('is true wherever a path is matched by both', () => {
    const part = fc.constantFrom('a', 'b', 'ab', '*', '?', 'a*', '*b', '**', '{a,b}');
    const glob = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    const path = fc
      .array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join('/'));
    fc.assert(
      fc.property(glob, glob, path, (one, other, at) => {
        if (compileGlobs([one])(at) && compileGlobs([other])(at)) expect(globsOverlap(one, other)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is false where no path of a small world is matched by both', () => {
    const names = ['a', 'b'];
    const paths = names.flatMap((x) => [
      x,
      ...names.flatMap((y) => [`${x}/${y}`, ...names.map((z) => `${x}/${y}/${z}`)]),
    ]);
    const part = fc.constantFrom('a', 'b', '?', '*', '{a,b}');
    const glob = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(glob, glob, (one, other) => {
        const both = paths.some((at) => compileGlobs([one])(at) && compileGlobs([other])(at));
        expect(globsOverlap(one, other)).toBe(both);
      }),
      { numRuns: 1_000 },
    );
  });
});
