import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutMiddle, headOf, mostResultBytes, tailOf } from './truncate.ts';

const size = (text: string) => Buffer.byteLength(text);
const anyText = fc.string({ unit: 'grapheme', maxLength: 400 });

describe('headOf and tailOf', () => {
  it('keep as much as fits, in whole characters', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 0, max: 300 }), (text, most) => {
        const [head, tail] = [headOf(text, most), tailOf(text, most)];
        expect(text.startsWith(head)).toBe(true);
        expect(text.endsWith(tail)).toBe(true);
        for (const part of [head, tail]) {
          expect(size(part)).toBeLessThanOrEqual(most);
          expect(part.isWellFormed()).toBe(text.isWellFormed());
          if (part !== text) expect(size(part)).toBeGreaterThan(most - 4);
        }
      }),
    );
  });
});

describe('cutMiddle', () => {
  it('leaves what fits', () => {
    expect(cutMiddle({ head: 'a', tail: 'b', droppedBytes: 0 })).toBe('ab');
  });

  it('shows both ends and how much is between them', () => {
    const head = `first\n${'x'.repeat(100_000)}`;
    const tail = `${'y'.repeat(100_000)}\nlast`;
    const cut = cutMiddle({ head, tail, droppedBytes: 99_800_000 });
    expect(size(cut)).toBeLessThanOrEqual(mostResultBytes);
    expect(cut).toMatch(/^first\n/);
    expect(cut).toMatch(/\nlast$/);
    const shown = size(cut) - size(/\n\[.*\]\n/.exec(cut)![0]);
    const hidden = size(head) + size(tail) + 99_800_000 - shown;
    expect(cut).toContain(`[${hidden.toLocaleString('en-US')} bytes of the output are not shown here`);
  });

  it('never exceeds its limit', () => {
    fc.assert(
      fc.property(anyText, anyText, fc.nat(1_000_000), (head, tail, droppedBytes) => {
        expect(size(cutMiddle({ head, tail, droppedBytes }, 600))).toBeLessThanOrEqual(Math.max(600, 0));
      }),
    );
  });
});
