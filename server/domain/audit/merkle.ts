import { sameBytes } from './bytes.ts';
import type { Sha256 } from './hashing.ts';

// The Merkle tree of RFC 6962: a leaf is hashed behind a zero byte, a node behind a one.

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

export const leafHash = (sha256: Sha256, data: Uint8Array) => sha256(leafPrefix, data);
const nodeHash = (sha256: Sha256, left: Uint8Array, right: Uint8Array) => sha256(nodePrefix, left, right);

/** A perfect subtree: the `index`th of 2^level leaves. */
export type Subtree = { level: number; index: number; hash: Uint8Array };

export type TreeState = { size: number; peaks: readonly Uint8Array[] };

export type GrowingTree = {
  size(): number;
  /** The perfect subtrees the tree is made of, the largest first: all that is needed to go on from here. */
  peaks(): Uint8Array[];
  /**
   * Takes a leaf, or at a size that is a multiple of 2^level the hash of the next perfect subtree of 2^level leaves. Returns
   * the larger perfect subtrees that it completes.
   */
  append(hash: Uint8Array, level?: number): Subtree[];
  root(): Uint8Array;
};

/** A tree to append to, of which only the right edge is kept: at most one hash for each power of two. */
export function growingTree(sha256: Sha256, from: TreeState = { size: 0, peaks: [] }): GrowingTree {
  let { size } = from;
  const peaks = [...from.peaks];
  return {
    size: () => size,
    peaks: () => [...peaks],
    append(given, base = 0) {
      const made: Subtree[] = [];
      let hash = given;
      let index = size / 2 ** base;
      if (!Number.isInteger(index)) throw new Error(`no subtree of 2^${base} leaves begins at ${size}`);
      for (let level = base + 1; index % 2 === 1; level += 1) {
        hash = nodeHash(sha256, peaks.pop() ?? hash, hash);
        index = (index - 1) / 2;
        made.push({ level, index, hash });
      }
      peaks.push(hash);
      size += 2 ** base;
      return made;
    },
    root: () =>
      peaks.reduceRight<Uint8Array | null>((right, left) => (right ? nodeHash(sha256, left, right) : left), null) ??
      sha256(),
  };
}

/** The fewest perfect subtrees that together are the leaves from `from` up to and without `to`, in order. */
export function subtreesBetween(from: number, to: number): { level: number; index: number }[] {
  const found: { level: number; index: number }[] = [];
  for (let at = from; at < to;) {
    let level = 0;
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= to) level += 1;
    found.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return found;
}

/** How many perfect subtrees a tree of that size is made of. */
export function peaksOf(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}

export type TreeReader = {
  sha256: Sha256;
  /** The hash of a perfect subtree; level 0 is a leaf's hash. */
  node(level: number, index: number): Promise<Uint8Array>;
};

/** The largest power of two below `width`, which is at least 2. */
function split(width: number): number {
  let half = 1;
  while (half * 2 < width) half *= 2;
  return half;
}

async function rangeHash(tree: TreeReader, from: number, to: number): Promise<Uint8Array> {
  const width = to - from;
  const level = Math.log2(width);
  if (Number.isInteger(level)) return tree.node(level, from / width);
  const half = split(width);
  const left = await rangeHash(tree, from, from + half);
  return nodeHash(tree.sha256, left, await rangeHash(tree, from + half, to));
}

/** PATH of RFC 6962, 2.1.1: from the leaf `index` to the root over the first `size` leaves, the lowest first. */
export async function inclusionProof(tree: TreeReader, index: number, size: number): Promise<Uint8Array[]> {
  const path = async (from: number, to: number): Promise<Uint8Array[]> => {
    if (to - from === 1) return [];
    const middle = from + split(to - from);
    return index < middle
      ? [...(await path(from, middle)), await rangeHash(tree, middle, to)]
      : [...(await path(middle, to)), await rangeHash(tree, from, middle)];
  };
  return path(0, size);
}

/** PROOF of RFC 6962, 2.1.2: that the tree of `first` leaves is how the tree of `second` leaves began. */
export async function consistencyProof(tree: TreeReader, first: number, second: number): Promise<Uint8Array[]> {
  const proof = async (from: number, to: number, whole: boolean): Promise<Uint8Array[]> => {
    if (first === to) return whole ? [] : [await rangeHash(tree, from, to)];
    const middle = from + split(to - from);
    return first <= middle
      ? [...(await proof(from, middle, whole)), await rangeHash(tree, middle, to)]
      : [...(await proof(middle, to, false)), await rangeHash(tree, from, middle)];
  };
  return first === 0 || first === second ? [] : proof(0, second, true);
}

const half = (n: number) => Math.floor(n / 2);

type Inclusion = { leaf: Uint8Array; index: number; size: number; proof: readonly Uint8Array[]; root: Uint8Array };

/** RFC 9162, 2.1.3.2. `leaf` is the leaf's hash. */
export function includes(sha256: Sha256, { leaf, index, size, proof, root }: Inclusion): boolean {
  if (index < 0 || index >= size) return false;
  let [at, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sha256, sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else hash = nodeHash(sha256, hash, sibling);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && sameBytes(hash, root);
}

type Grown = { size: number; root: Uint8Array };
type Growth = { first: Grown; second: Grown; proof: readonly Uint8Array[] };

/** RFC 9162, 2.1.4.2. */
export function growsInto(sha256: Sha256, { first, second, proof }: Growth): boolean {
  if (first.size > second.size) return false;
  if (first.size === 0) return proof.length === 0;
  if (first.size === second.size) return proof.length === 0 && sameBytes(first.root, second.root);
  const both = bothRoots(sha256, { first, second, proof });
  return both !== null && sameBytes(both.old, first.root) && sameBytes(both.grown, second.root);
}

/** The two roots that the proof comes to; null where it is too short or too long. */
function bothRoots(sha256: Sha256, { first, second, proof }: Growth) {
  const [start, ...rest] = Number.isInteger(Math.log2(first.size)) ? [first.root, ...proof] : proof;
  if (!start) return null;
  let [at, last] = [first.size - 1, second.size - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  let [old, grown] = [start, start];
  for (const hash of rest) {
    if (last === 0) return null;
    if (at % 2 === 1 || at === last) {
      [old, grown] = [nodeHash(sha256, hash, old), nodeHash(sha256, hash, grown)];
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else grown = nodeHash(sha256, grown, hash);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 ? { old, grown } : null;
}
