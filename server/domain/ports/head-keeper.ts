/** Where signed heads are kept outside of the database, for whoever holds a log to them later. */
export type HeadKeeper = {
  /** The size of the last head that is kept of an org; 0 for none. */
  lastSize(orgId: string): Promise<number>;
  /** Adds a signed note behind all others; it is there for good once this resolves. */
  keep(orgId: string, note: string): Promise<void>;
};
