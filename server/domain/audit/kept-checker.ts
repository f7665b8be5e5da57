import { hex } from './bytes.ts';
import type { KeptHead } from './kept-heads.ts';
import type { LogProblem } from './log-checker.ts';
import type { GrowingTree } from './merkle.ts';

export type KeptChecker = {
  count: number;
  /** Told of every event, with the tree that it is in; says how a kept head of that size differs, null when none does. */
  event(event: { seq: number; hash: string }, tree: GrowingTree): string | null;
  /** What was kept and is not in a log of that many events. */
  end(size: number): LogProblem[];
};

/** Holds a log to heads that were kept outside: every one of them must be a prefix of it. */
export function keptChecker(kept: KeptHead[]): KeptChecker {
  const bySize = Map.groupBy(
    kept.filter((head) => head.type === 'tree'),
    ({ size }) => size,
  );
  const byHash = Map.groupBy(
    kept.filter((head) => head.type !== 'tree'),
    ({ hash }) => hash,
  );
  const bare = kept.some(({ type }) => type === 'hash');
  const found = new Set<KeptHead>();
  const seen = (hash: string, seq: number | null) => {
    for (const head of byHash.get(hash) ?? []) if (head.type === 'hash' || head.seq === seq) found.add(head);
  };
  return {
    count: kept.length,
    event({ seq, hash }, tree) {
      if (byHash.size > 0) seen(hash, seq);
      // A bare hash may be any root; that costs a few hashes an event, so only where one was given.
      if (bare) seen(hex(tree.root()), null);
      const heads = bySize.get(tree.size());
      if (!heads) return null;
      const root = hex(tree.root());
      for (const head of heads) found.add(head);
      const other = heads.find((head) => head.root !== root);
      return other
        ? `the head kept of ${other.size} events has another root: the log was rewritten or forked here or after`
        : null;
    },
    end: (size) => kept.filter((head) => !found.has(head)).map((head) => notFound(head, size)),
  };
}

function notFound(head: KeptHead, size: number): LogProblem {
  const nowhere = { stream: null, seq: null };
  if (head.type === 'tree') {
    const problem = `a head was kept of ${head.size} events, and this log has ${size}: it was set back, or is an older one`;
    return { tampering: 'kept-head-beyond', ...nowhere, problem };
  }
  const what = head.type === 'event' ? `event ${head.seq} with the hash ${head.hash}` : `the hash ${head.hash}`;
  return { tampering: 'kept-head-unknown', ...nowhere, problem: `${what} was kept, and is not in this log` };
}
