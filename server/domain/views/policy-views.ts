/** The policy of an org as its page shows it: the newest version whole, and those before it. */
export type PolicyView = {
  version: number;
  yaml: string;
  versions: {
    version: number;
    yaml: string;
    note: string;
    /** Null for the one that the org began with. */
    author: string | null;
    createdAt: string;
  }[];
};
