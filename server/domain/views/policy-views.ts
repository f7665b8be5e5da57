/** The policy of an org as its page shows it: the newest version whole, and those before it. */
export type PolicyView = {
  version: number;
  yaml: string;
  /** Who else approves the next version, as a sentence. */
  approval: string;
  /** Whether it has to be approved at all. */
  isApproved: boolean;
  /** Drafts that wait for approval, the oldest first. */
  drafts: { approvalId: string; basedOn: number; yaml: string; note: string; author: string; createdAt: string }[];
  versions: {
    version: number;
    yaml: string;
    note: string;
    /** Null for the one that the org began with. */
    author: string | null;
    createdAt: string;
  }[];
};
