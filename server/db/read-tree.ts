import { consistencyProof, inclusionProof, growingTree, leafHash } from '../domain/audit/merkle.ts';
import type { TreeReader } from '../domain/audit/merkle.ts';
import { nodeHashing } from '../domain/audit/node-hashing.ts';
import { AppError } from '../domain/errors.ts';
import type { OrgTx } from './connect.ts';
import { rawOf } from './raw.ts';
import type { Raw } from './raw.ts';
import { readLeafHashes } from './read-leaves.ts';
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
export function treeReader(raw: Raw): TreeReader {
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
  const hashes =
    level === 0
      ? (await readLeafHashes(raw, { from, to: from + count })).map((hash) => leafHash(sha256, hash))
      : await keptHashes(raw, wanted);
  if (hashes.length !== count) throw notWhole(wanted);
  return hashes;
}

export function notWhole(where: Record<string, number>): AppError {
  const message = 'The audit log is not whole, so nothing can be proved from it. Verify it on the Audit page.';
  return new AppError('conflict', message, where);
}

async function keptHashes(raw: Raw, { level, from, count }: Wanted): Promise<Uint8Array[]> {
  const rows = await raw.query<{ hash: Buffer }>({
    name: 'tree_nodes',
    text: `select hash from tree_node where org_id = $1 and level = $2 and index >= $3 and index < $4 order by index`,
    values: [raw.orgId, level, from, from + count],
  });
  return rows.map(({ hash }) => hash);
}
