import { consistencyProof, inclusionProof, growingTree, leafHash } from '../domain/audit/merkle.ts';
import type { TreeReader } from '../domain/audit/merkle.ts';
import { nodeHashing } from '../domain/audit/node-hashing.ts';
import { AppError } from '../domain/errors.ts';
import type { OrgTx } from './connect.ts';
import { rawOf } from './raw.ts';
import type { Raw } from './raw.ts';
import { keptLevels } from './seal-tree.ts';

const { sha256 } = nodeHashing;

/** The leaf that an event is; null while no head covers it. */
export async function leafOf(db: OrgTx, { streamId, seq }: { streamId: string; seq: number }): Promise<number | null> {
  const raw = rawOf(db);
  const [row] = await raw.query<{ leaf: number }>({
    text: `select start + ($3 - from_seq) as leaf from tree_segment
      where org_id = $1 and stream_id = $2 and from_seq <= $3 and to_seq >= $3`,
    values: [raw.orgId, streamId, seq],
  });
  return row?.leaf ?? null;
}

/** The proof that the leaf is in the tree of `size` leaves: sibling hashes, the lowest first. */
export async function proveLeaf(db: OrgTx, { leaf, size }: { leaf: number; size: number }): Promise<Uint8Array[]> {
  return inclusionProof(treeReader(rawOf(db)), leaf, size);
}

/** The proof that the tree of `first` leaves is how the tree of `second` leaves began. */
export async function proveGrowth(
  db: OrgTx,
  { first, second }: { first: number; second: number },
): Promise<Uint8Array[]> {
  return consistencyProof(treeReader(rawOf(db)), first, second);
}

/** A perfect subtree is made of at most 255 hashes that are kept: those of the level below that is, or its leaves. */
function treeReader(raw: Raw): TreeReader {
  return {
    sha256,
    async node(level, index) {
      const base = level - (level % keptLevels);
      const width = 2 ** (level - base);
      const parts = await hashesAt(raw, { level: base, from: index * width, count: width });
      const tree = growingTree(sha256);
      for (const part of parts) tree.append(part);
      return tree.root();
    },
  };
}

type Wanted = { level: number; from: number; count: number };

async function hashesAt(raw: Raw, wanted: Wanted): Promise<Uint8Array[]> {
  const { level, from, count } = wanted;
  const rows = await raw.query<{ hash: Buffer }>(
    level === 0
      ? { name: 'tree_leaves', text: leavesBetween, values: [raw.orgId, from, from + count] }
      : {
          name: 'tree_nodes',
          text: `select hash from tree_node where org_id = $1 and level = $2 and index >= $3 and index < $4 order by index`,
          values: [raw.orgId, level, from, from + count],
        },
  );
  if (rows.length !== count) {
    const message = 'The audit log is not whole, so nothing can be proved from it. Verify it on the Audit page.';
    throw new AppError('conflict', message, { ...wanted });
  }
  return rows.map(({ hash }) => (level === 0 ? leafHash(sha256, hash) : hash));
}

const leavesBetween = `
  select e.hash from tree_segment g
  join event e on e.org_id = g.org_id and e.stream_id = g.stream_id
    and e.seq between g.from_seq + greatest($2 - g.start, 0) and least(g.to_seq, g.from_seq + ($3 - 1 - g.start))
  where g.org_id = $1 and g.start < $3
    and g.start >= coalesce((select max(start) from tree_segment where org_id = $1 and start <= $2), 0)
  order by g.start, e.seq`;
