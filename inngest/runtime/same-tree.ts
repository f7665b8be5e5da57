import type { Sandbox } from '../../server/domain/ports/sandbox.ts';

type Look<T> = { found: T; whole: boolean };

/**
 * Looks at a work tree, and answers what the last look found where nothing was written to it since. `look` begins after the
 * tree was named: what is written while it looks gives the tree another name. A look that was not `whole` is not kept: what it
 * could not read, the next may.
 */
export function sameTree<T>(sandbox: Pick<Sandbox, 'treeState'>): (look: () => Promise<Look<T>>) => Promise<T> {
  let last: { state: string; found: T } | null = null;
  return async (look) => {
    const state = (await sandbox.treeState?.()) ?? null;
    if (state !== null && last?.state === state) return last.found;
    const { found, whole } = await look();
    last = state === null || !whole ? null : { state, found };
    return found;
  };
}
