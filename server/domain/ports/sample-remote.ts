/** Makes the bundled sample repository available as an ordinary git remote of one org. */
export type SampleRemote = {
  /** Returns the remote of the org's sample, made on first call; later calls return the same one untouched. */
  ensure(orgId: string): Promise<string>;
  /** The orgs that have one on this host. */
  orgs(): Promise<string[]>;
  /** Removes the org's; missing is fine. */
  remove(orgId: string): Promise<void>;
};
