import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalBytes, fromCanonicalBytes } from './canonical.ts';

const text = (value: unknown) => new TextDecoder().decode(canonicalBytes(value));

/** Strings of any UTF-16 code units, lone surrogates and our own escape characters among them. */
const anyString = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('b64', '~b64', '~~b64', '~u:AA==', '~', '\u0000', '\ud800', '__proto__', 'toString'),
);
const safeNumber = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .filter((n) => !Number.isInteger(n) || Number.isSafeInteger(n));
const { value: anyJson } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    anyString,
    safeNumber.map((n) => (Object.is(n, -0) ? 0 : n)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.array(fc.tuple(anyString, tie('value')), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
  ),
}));

describe('canonical bytes', () => {
  test.each([
    [
      'keys in UTF-16 order',
      { b: 1, a: 2, '\u20ac': 3, '\r': 4, '\ud83d\ude00': 5 },
      '{"\\r":4,"a":2,"b":1,"€":3,"😀":5}',
    ],
    ['numbers as RFC 8785 writes them', [1e-7, 100, 4.5, -0, 1e300 / 1e300], '[1e-7,100,4.5,0,1]'],
    ['an integer beyond 2^53 as its digits', { n: 2 ** 60 }, '{"n":"1152921504606846976"}'],
    ['a bigint as its digits', { n: 12345678901234567890n }, '{"n":"12345678901234567890"}'],
    ['a number that JSON has none for', [Infinity, NaN], '["Infinity","NaN"]'],
    ['a lone surrogate', '\ud800', '{"b64":"ANg="}'],
    ['NUL as JSON escapes it', 'a\u0000b', '"a\\u0000b"'],
    ['an object that looks like our own form', { b64: 'x' }, '{"~b64":"x"}'],
    ['what has no JSON form left out', { a: undefined, f: () => 1, l: [undefined] }, '{"l":[null]}'],
    ['a date as its ISO string', { at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
  ])('%s', (_name, value, expected) => {
    expect(text(value)).toBe(expected);
  });

  test('whatever goes in comes out', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(fromCanonicalBytes(canonicalBytes(value))).toEqual(value);
      }),
    );
  });

  test('bytes that were read and written again are the same bytes', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const bytes = canonicalBytes(value);
        expect(canonicalBytes(fromCanonicalBytes(bytes))).toEqual(bytes);
      }),
    );
  });

  test('different values have different bytes', () => {
    fc.assert(
      fc.property(anyJson, anyJson, (a, b) => {
        let same = true;
        try {
          expect(a).toEqual(b);
        } catch {
          same = false;
        }
        expect(text(a) === text(b)).toBe(same);
      }),
    );
  });

  test('the order in which keys were set does not matter', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(anyString, anyJson), { selector: ([key]) => key }), (entries) => {
        expect(text(Object.fromEntries(entries.toReversed()))).toBe(text(Object.fromEntries(entries)));
      }),
    );
  });

  test('nesting of any depth is cut, not a crash', () => {
    let deep: unknown = 'core';
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(text({ deep })).toContain('[cut: nested deeper than 500 levels]');
    expect(fromCanonicalBytes(canonicalBytes({ deep }))).toBeDefined();
  });

  test('bytes that are no JSON, or no UTF-8, are refused', () => {
    expect(() => fromCanonicalBytes(new TextEncoder().encode('{'))).toThrow(SyntaxError);
    expect(() => fromCanonicalBytes(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(TypeError);
  });
});
