/**
 * What an experiment takes away from the host's git, to see that something else holds when one layer is missing. Only the
 * attack suite passes one; a lint rule keeps it out of the product.
 */
export type GitWeakness = {
  /** Nothing outranks what a repository configures, nor what its attributes ask for. */
  untuned?: boolean;
  /** git runs like any process of this user. */
  unconfined?: boolean;
  /** git believes the configuration of the work tree that it looks at, as if there were no private repository. */
  believing?: boolean;
};
