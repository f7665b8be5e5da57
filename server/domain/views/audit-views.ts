/** A signed head of an org's log. `note` is what was signed with its signature; `keys` are verifier keys. */
export type HeadView = { size: number; root: string; at: string; note: string; keys: string[] };

/** That the event whose hash is `hash` is the leaf `leaf`. `proof` are sibling hashes, the lowest first, in hex. */
export type EventProofView = { leaf: number; hash: string; proof: string[]; head: HeadView };

/** That the tree of an earlier size is how the head's tree began. */
export type GrowthProofView = { proof: string[]; head: HeadView };
