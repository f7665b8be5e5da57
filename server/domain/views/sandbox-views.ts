/** Where an org's sandboxes are made, as its members may see it. */
export type SandboxPlaceView = {
  /** The operator named a place for this org alone, which goes before an account of its own. */
  placedByName: boolean;
  /** `hint`: the end of its key. `updatedAt`: ISO 8601 UTC. */
  account: { baseUrl: string; template: string; hint: string; updatedAt: string } | null;
};
