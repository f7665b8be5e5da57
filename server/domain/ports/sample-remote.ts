/** Makes the bundled sample repository available as an ordinary git remote of one org. */
export type SampleRemote = {
  /** Returns the remote of the org's sample, made on first call; later calls return the same one untouched. */
  ensure(orgId: string): Promise<string>;
};
