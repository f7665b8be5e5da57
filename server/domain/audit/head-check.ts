import { hex } from './bytes.ts';
import { checkSignature, originOf, parseCheckpoint } from './checkpoint.ts';
import type { AuditPublicKey } from './checkpoint.ts';
import type { Hashing } from './hashing.ts';
import type { GrowingTree } from './merkle.ts';

export type HeadTampering =
  | 'leaves-missing'
  | 'head-unreadable'
  | 'head-of-another-log'
  | 'head-key-unknown'
  | 'head-forged'
  | 'head-misplaced'
  | 'root-differs';

type At = {
  org: string;
  keys: readonly AuditPublicKey[];
  hashing: Hashing;
  /** Of the leaves before the head. */
  tree: GrowingTree;
  /** It is known already that the tree is not the one that was signed. */
  broken: boolean;
};

/** What is wrong with a signed head where it stands: which tampering, and the rest of a sentence about the head. */
export function headProblem(note: string, { org, keys, hashing, tree, broken }: At): [HeadTampering, string] | null {
  const head = parseCheckpoint(note);
  if (head === null) return ['head-unreadable', 'is not one Fleet writes'];
  if (head.origin !== originOf(org)) return ['head-of-another-log', `is of another log: ${head.origin}`];
  const signed = checkSignature(hashing, head, keys);
  const names = head.signatures.map(({ name }) => name).join(', ');
  if (signed === 'unknown-key') return ['head-key-unknown', `is signed by another key: ${names}`];
  if (signed === 'bad-signature') return ['head-forged', `was not signed by ${names}`];
  if (broken) return ['root-differs', ''];
  const size = tree.size();
  if (head.size > size) return ['leaves-missing', `covers ${head.size} events, and here are ${size} up to it`];
  if (head.size < size) return ['head-misplaced', `was signed at leaf ${head.size}`];
  if (hex(head.root) === hex(tree.root())) return null;
  return ['root-differs', 'was signed over other events than these: one from here to it was changed or replaced'];
}
