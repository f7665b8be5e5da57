import type { Sandbox } from '../../server/domain/ports/sandbox.ts';

/**
 * Looks at a work tree, and answers what the last look found where nothing was written to it since. `look` begins after the
 * tree was named: what is written while it looks gives the tree another name.
 */
export function sameTree<T>(sandbox: Pick<Sandbox, 'treeState'>): (look: () => Promise<T>) => Promise<T> {
  let last: { state: string; found: T } | null = null;
  return async (look) => {
    const state = (await sandbox.treeState?.()) ?? null;
    if (state !== null && last?.state === state) return last.found;
    const found = await look();
    last = state === null ? null : { state, found };
    return found;
  };
}
