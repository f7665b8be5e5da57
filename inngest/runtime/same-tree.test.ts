import { describe, expect, it } from 'vitest';
import { sameTree } from './same-tree.ts';

/** A tree that tells `states` one after the other, and looks that answer with their number. */
function looks(states: (string | null)[], whole: (look: number) => boolean = () => true) {
  let [asked, made] = [0, 0];
  const seen = sameTree<number>({ treeState: async () => states[asked++] ?? null });
  return () => seen(async () => ({ found: (made += 1), whole: whole(made) }));
}

describe('what a look at a work tree found', () => {
  it('is found again while the tree is told to be the same, and in no other case', async () => {
    const look = looks(['a', 'a', 'b', 'a', null, null, 'a']);
    const found = [];
    for (let n = 0; n < 7; n += 1) found.push(await look());
    expect(found).toEqual([1, 1, 2, 3, 4, 5, 6]);
  });

  it('is looked for each time where no state is told', async () => {
    let made = 0;
    const seen = sameTree<number>({});
    const look = () => seen(async () => ({ found: (made += 1), whole: true }));
    expect([await look(), await look()]).toEqual([1, 2]);
  });

  it('is not kept where the look was not whole or failed', async () => {
    const look = looks(['a', 'a', 'a'], (n) => n > 1);
    expect([await look(), await look(), await look()]).toEqual([1, 2, 2]);
    const seen = sameTree<number>({ treeState: async () => 'a' });
    await expect(seen(() => Promise.reject(new Error('cut')))).rejects.toThrow('cut');
    expect(await seen(async () => ({ found: 2, whole: true }))).toBe(2);
  });
});
