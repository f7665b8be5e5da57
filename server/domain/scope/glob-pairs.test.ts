import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileGlobs } from './glob.ts';
import { globMeeting } from './glob-meeting.ts';
import { globWithin } from './glob-within.ts';
import { globsOverlap } from './overlap.ts';

const part = fc.constantFrom('a', 'b', 'ab', '*', '?', 'a*', '*b', '**', '{a,b}');
const glob = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const path = fc
  .array(fc.constantFrom('a', 'b', 'ab', 'abb'), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join('/'));
const wild = fc.string({ unit: fc.constantFrom('*', '?', '{', '}', ',', '/', 'a'), maxLength: 60 });

describe('globWithin', () => {
  it.each([
    ['src/a.js', 'src/**', true],
    ['src/**', 'src/**', true],
    ['src/gen/**', '**/gen/**', true],
    ['**/gen/**', 'src/gen/**', false],
    ['src/*.js', 'src/*', true],
    ['src/*', 'src/*.js', false],
    ['src/{a,b}.js', 'src/?.js', true],
    ['src', 'src/**', true],
    ['src/**', 'src/*', false],
    ['**/*.md', '**', true],
  ])('%s in %s: %s', (narrow, wide, expected) => expect(globWithin(narrow, wide)).toBe(expected));

  it('says yes only where each path of the narrow one is one of the wide one', () => {
    fc.assert(
      fc.property(glob, glob, path, (narrow, wide, at) => {
        if (globWithin(narrow, wide) && compileGlobs([narrow])(at)) expect(compileGlobs([wide])(at)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('globMeeting', () => {
  it.each([
    ['src/**', '**/migrations/**'],
    ['**/*.sql', 'db/**'],
    ['a?c', '*bc'],
    ['**', '**'],
  ])('%s and %s meet in a path of both', (one, other) => {
    const at = globMeeting(one, other)!;
    expect(compileGlobs([one])(at) && compileGlobs([other])(at)).toBe(true);
  });

  it('finds a path wherever there is one, and that path is of both', () => {
    fc.assert(
      fc.property(glob, glob, (one, other) => {
        const at = globMeeting(one, other);
        expect(at !== null).toBe(globsOverlap(one, other));
        if (at !== null) expect(compileGlobs([one])(at) && compileGlobs([other])(at)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it('ends in good time on hostile patterns', () => {
    const began = performance.now();
    fc.assert(
      fc.property(wild, wild, (one, other) => {
        globMeeting(one, other);
        globWithin(one, other);
      }),
      { numRuns: 300 },
    );
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
