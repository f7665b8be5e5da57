import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, hex } from './bytes.ts';
import { consistencyProof, growingTree, growsInto, includes, inclusionProof, leafHash, peaksOf } from './merkle.ts';
import type { Subtree } from './merkle.ts';
import { nodeHashing } from './node-hashing.ts';
import { plainHashing } from './plain-hashing.ts';

const { sha256 } = nodeHashing;
const data = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const leaves = (count: number) =>
  Array.from({ length: count }, (_, n) => leafHash(sha256, fromHex(data[n] ?? n.toString(16).padStart(4, '0'))));

/** MTH of RFC 6962, 2.1, as it stands there. */
function plainRoot(hashes: Uint8Array[]): Uint8Array {
  if (hashes.length === 0) return sha256();
  const [only] = hashes;
  if (hashes.length === 1 && only) return only;
  let half = 1;
  while (half * 2 < hashes.length) half *= 2;
  return sha256(Uint8Array.of(1), plainRoot(hashes.slice(0, half)), plainRoot(hashes.slice(half)));
}

function grown(hashes: Uint8Array[]) {
  const nodes = new Map<string, Uint8Array>();
  const keep = ({ level, index, hash }: Subtree) => nodes.set(`${level}/${index}`, hash);
  const tree = growingTree(sha256);
  hashes.forEach((hash, index) => {
    keep({ level: 0, index, hash });
    tree.append(hash).forEach(keep);
  });
  const node = async (level: number, index: number) =>
    nodes.get(`${level}/${index}`) ?? expect.fail(`${level}/${index}`);
  return { tree, reader: { sha256, node } };
}

describe('the tree', () => {
  // The vectors of the certificate-transparency reference code.
  test.each([
    [0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    [1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    [2, 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
    [3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
    [4, 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
    [8, '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
  ])('of %i leaves has the root that others find', (count, root) => {
    expect(hex(grown(leaves(count)).tree.root())).toBe(root);
  });

  test('has the root of the definition at every size, also when it goes on from its peaks', () => {
    const all = leaves(70);
    for (let size = 0; size <= all.length; size += 1) {
      const begun = grown(all.slice(0, size)).tree;
      expect(begun.peaks()).toHaveLength(peaksOf(size));
      expect(begun.root()).toEqual(plainRoot(all.slice(0, size)));
      const resumed = growingTree(sha256, { size, peaks: begun.peaks() });
      for (const leaf of all.slice(size)) resumed.append(leaf);
      expect(resumed.root()).toEqual(plainRoot(all));
    }
  });
});

describe('proofs', () => {
  const most = 66;
  const all = leaves(most);
  const { reader } = grown(all);
  const rootAt = (size: number) => plainRoot(all.slice(0, size));

  test('of every leaf in every tree hold, and of any other leaf, place or root do not', async () => {
    for (let size = 1; size <= most; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const proof = await inclusionProof(reader, index, size);
        const claim = { leaf: all[index] as Uint8Array, index, size, proof, root: rootAt(size) };
        expect(includes(sha256, claim)).toBe(true);
        expect(includes(sha256, { ...claim, leaf: sha256() })).toBe(false);
        expect(includes(sha256, { ...claim, root: sha256() })).toBe(false);
        expect(includes(sha256, { ...claim, index: size })).toBe(false);
        expect(includes(sha256, { ...claim, index: (index + 1) % (size + 1) })).toBe(false);
        expect(includes(sha256, { ...claim, proof: [...proof, sha256()] })).toBe(false);
        if (proof.length > 0) expect(includes(sha256, { ...claim, proof: proof.slice(1) })).toBe(false);
      }
    }
  });

  test('of every growth hold, and of any other tree do not', async () => {
    for (let second = 1; second <= most; second += 1) {
      for (let first = 1; first <= second; first += 1) {
        const proof = await consistencyProof(reader, first, second);
        const [old, young] = [first, second].map((size) => ({ size, root: rootAt(size) }));
        if (!old || !young) throw new Error('two sizes');
        expect(growsInto(sha256, { first: old, second: young, proof })).toBe(true);
        expect(growsInto(sha256, { first: { ...old, root: sha256() }, second: young, proof })).toBe(false);
        expect(growsInto(sha256, { first: old, second: { ...young, root: sha256() }, proof })).toBe(false);
        if (first < second) expect(growsInto(sha256, { first: young, second: old, proof })).toBe(false);
        if (proof.length > 0)
          expect(growsInto(sha256, { first: old, second: young, proof: proof.slice(1) })).toBe(false);
      }
    }
  });
});

test('plain code hashes and checks as Node does', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 4 }), (parts) => {
      expect(hex(plainHashing.sha256(...parts))).toBe(hex(sha256(...parts)));
    }),
  );
});
