/** Where an org's work runs, as far as others are concerned. */
export type Placement = {
  /** Names the kernel that its commands run on; null where each sandbox has one of its own. */
  kernel: string | null;
  /** Whether the operator lets these two share a kernel. Every org trusts itself. */
  trusts(orgId: string): boolean;
  /** The operator gave this org a place by name, which goes before an account of the org's own. */
  byName: boolean;
};

/** The operator's word on an org, as it stands now. */
export type Placing = (orgId: string) => Promise<Placement>;

/** Where there is nobody else: every org may be anywhere. */
export const anywhere: Placing = async () => ({ kernel: null, trusts: () => true, byName: false });
