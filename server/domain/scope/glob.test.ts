import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import { compileGlobs, globProblem } from './glob.ts';

const matches = (glob: string, path: string) => compileGlobs([glob])(path);

describe('compileGlobs', () => {
  it.each([
    ['src/**', 'src/a/b.ts', true],
    ['src/**', 'srcs/a.ts', false],
    ['.fleet/**', '.fleet', true],
    ['*/**', 'a', true],
    ['**', '.github/x', true],
    ['**/*.md', 'README.md', true],
    ['**/docs/**', 'a/docs/b/c', true],
    ['*.ts', 'a/b.ts', false],
    ['a?c', 'a/c', false],
    ['a/{b,c/{d,e}}/*.ts', 'a/c/e/x.ts', true],
    ['a/{b,c/{d,e}}/*.ts', 'a/c/x.ts', false],
    ['{a', '{a', true],
    ['{a}', '{a}', true],
    ['app/[org]/(group)/page.tsx', 'app/[org]/(group)/page.tsx', true],
    ['app/[org]/*', 'app/o/x', false],
    ['ab{,c}', 'ab', true],
    ['a**b', 'a/b', false],
    ['?', '😀', true],
  ])('%s on %s: %s', (glob, path, answer) => expect(matches(glob, path)).toBe(answer));

  it('answers as the usual matcher does', () => {
    const segment = fc.array(fc.constantFrom('a', 'b', '.', '*', '?'), { minLength: 1, maxLength: 4 });
    const part = fc.oneof(
      fc.constant('**'),
      fc.constant('{a,b}'),
      segment.map((chars) => chars.join('')),
    );
    const glob = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    const name = fc
      .array(fc.constantFrom('a', 'b', '.'), { minLength: 1, maxLength: 3 })
      .map((chars) => chars.join(''));
    const path = fc
      .array(name, { minLength: 1, maxLength: 4 })
      .filter((names) => names.every((each) => each !== '.' && each !== '..'))
      .map((names) => names.join('/'));
    fc.assert(
      fc.property(glob, path, (pattern, at) => {
        // The usual matcher reads dots and several stars within a name in ways of its own, `*/**` otherwise than `a/**`, and wants
        // something behind the dot of `*.*`.
        fc.pre(!/(^|\/)\.{1,2}(\/|$)|\*\.\*|[^/]\*\*|\*\*[^/]|[*?][^/]*(\/\*\*)+$/.test(pattern));
        const usual = picomatch(pattern, { dot: true, nonegate: true, noextglob: true, nobracket: true });
        expect([pattern, at, matches(pattern, at)]).toEqual([pattern, at, usual(at)]);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['*a*a*a*a*a*a*a*b', 'a'.repeat(255)],
    ['**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/b', Array(2_000).fill('a').join('/')],
  ])('answers about %s at once, whatever the path', (glob, path) => {
    expect(globProblem(glob)).toBeNull();
    expect(matches(glob, path)).toBe(false);
  });
});

describe('globProblem', () => {
  const letters = '{a,b,c,d,e,f,g,h,i,j}';
  it.each([
    ['', /empty/],
    ['x'.repeat(301), /longer than 300/],
    ['/etc/**', /relative to its root/],
    ['src/../../x', /relative to its root/],
    ['*'.split('').concat(Array(8).fill('a*')).join('/'), /more than 8 wildcards/],
    [`${letters}${letters}${letters}`, /more than 256 patterns/],
    ['{{a,b},{c,d}}/*.ts', null],
  ])('%s', (glob, problem) => {
    if (problem) expect(globProblem(glob)).toMatch(problem);
    else expect(globProblem(glob)).toBeNull();
  });

  it('is asked first: what has too many alternatives is not compiled', () => {
    expect(() => compileGlobs([`${letters}${letters}${letters}`])).toThrow(/256/);
  });
});
