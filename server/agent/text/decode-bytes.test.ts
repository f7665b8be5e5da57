import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeOutput, decodeText } from './decode-bytes.ts';

const bytes = (...parts: (string | number)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.of(part))));

describe('decodeOutput', () => {
  it.each([
    ['plain', bytes('héllo ✓ 😀\n'), 'héllo ✓ 😀\n'],
    ['a byte order mark', bytes(0xef, 0xbb, 0xbf, 'x'), '\ufeffx'],
    ['NUL', bytes('a', 0, 'b'), 'a\\x00b'],
    ['invalid bytes', bytes('a', 0xff, 0xfe, 'é'), 'a\\xff\\xfeé'],
    ['a character cut off', bytes('a', 0xe2, 0x9c), 'a\\xe2\\x9c'],
    ['an overlong form', bytes(0xc0, 0xaf), '\\xc0\\xaf'],
    ['a surrogate in UTF-8', bytes(0xed, 0xa0, 0x80), '\\xed\\xa0\\x80'],
    ['beyond Unicode', bytes(0xf4, 0x90, 0x80, 0x80), '\\xf4\\x90\\x80\\x80'],
    ['colours', bytes('\x1b[1;31mred\x1b[0m'), 'red'],
    ['other escapes', bytes('\x1b]0;title\x07'), '\\x1b]0;title\\x07'],
    ['line ends', bytes('a\r\nb\rc\r\r\nd'), 'a\nb\nc\nd'],
    ['tabs', bytes('a\tb'), 'a\tb'],
    ['nothing', bytes(), ''],
  ])('shows %s', (_, given, expected) => {
    expect(decodeOutput(given)).toBe(expected);
  });

  it('turns any bytes into a well-formed string without control characters', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (given) => {
        const text = decodeOutput(given);
        expect(text.isWellFormed()).toBe(true);
        expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f]/);
      }),
    );
  });

  it('leaves printable text alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (text) => {
        expect(decodeOutput(Buffer.from(text))).toBe(text);
      }),
    );
  });

  it('agrees with the strict decoder on every pair of bytes and what follows them', () => {
    const strict = new TextDecoder('utf-8', { fatal: true });
    for (let first = 0x80; first < 0x100; first += 1) {
      for (const second of [0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0]) {
        for (const rest of [[], [0x80], [0x80, 0xbf]]) {
          const given = Uint8Array.from([first, second, ...rest]);
          const valid = (() => {
            try {
              return strict.decode(given);
            } catch {
              return null;
            }
          })();
          // A byte that is no text of its own, so that the loose way is taken.
          const text = decodeOutput(Uint8Array.from([...given, 0xff]));
          if (valid !== null) expect(text).toBe(`${valid}\\xff`.replaceAll('\x7f', '\\x7f'));
          else expect(text.isWellFormed() && !text.includes('\ufffd')).toBe(true);
        }
      }
    }
  });

  it('is fast on returns without line ends', () => {
    expect(decodeOutput(Buffer.alloc(4 * 1024 * 1024, '\r'))).toBe('\n');
  });

  it('is fast on a megabyte of noise', () => {
    const noise = Buffer.alloc(1024 * 1024, 0xff);
    expect(decodeOutput(noise)).toHaveLength(4 * 1024 * 1024);
  });
});

describe('decodeText', () => {
  it.each([
    [bytes('é\r\n'), 'é\r\n'],
    [bytes('a', 0), null],
    [bytes('a', 0xff), null],
  ])('%j', (given, expected) => {
    expect(decodeText(given)).toBe(expected);
  });
});
