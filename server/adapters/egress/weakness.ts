/**
 * What an experiment takes away from a sandbox's proxy, to see that something else holds when one layer is missing. Only
 * the attack suite passes one, with the walls it takes away.
 */
export type EgressWeakness = {
  /** Hosts are taken in any spelling. */
  anySpelling?: boolean;
  /** Every request is let go by the rules. */
  unruled?: boolean;
  /** What is sent is not compared with the list that was drawn up from the policy. */
  unlisted?: boolean;
  /** Nobody looks at the addresses that a name stands for. */
  unlooked?: boolean;
  /** Any address may be connected to. */
  unblocked?: boolean;
  /** What cannot be written down leaves all the same. */
  unwritten?: boolean;
};
