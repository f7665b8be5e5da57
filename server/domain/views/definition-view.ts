/** A draft of a policy or role beside what it was drafted on, as text. */
export type DefinitionView = {
  name: string;
  note: string;
  before: string;
  after: string;
  /** In sentences, of a policy: what holds for running agents at once, and what for later runs only. */
  stricter: string[];
  looser: string[];
  /** In sentences, of a role that is not there yet: what it would be able to do. */
  able: string[];
  /** Who approves the next version, where this one says otherwise than the one before; null: the same. */
  approval: { before: string; after: string } | null;
  /** Whether the draft can be tried on the past. */
  triable: boolean;
};
