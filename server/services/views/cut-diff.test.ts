import { describe, expect, it } from 'vitest';
import { cutDiff } from './cut-diff.ts';

describe('cutDiff', () => {
  it('leaves a small diff alone', () => {
    expect(cutDiff('+a\n')).toEqual({ diff: '+a\n', cut: false });
  });

  it('cuts a large one at a line, and says so', () => {
    const { diff, cut } = cutDiff(`${'+0123456789\n'.repeat(100_000)}`);
    expect(cut).toBe(true);
    expect(diff.length).toBeLessThanOrEqual(1_000_001);
    expect(diff.endsWith('9\n')).toBe(true);
  });
});
