import type { EgressWeakness } from '../egress/weakness.ts';

/**
 * What an experiment takes away from the walls, to see that something else holds when one is missing. Only the attack
 * suite passes one; a lint rule keeps it out of the product.
 */
export type Weakness = {
  /** bubblewrap's arguments of one world, altered. */
  walls?: (args: string[]) => string[];
  /** No filter on system calls. */
  unfiltered?: boolean;
  /** Variables of Fleet's own that every world gets too. */
  env?: Record<string, string>;
  /** What Fleet was started with is handed on. */
  inherits?: boolean;
  /** No control groups, as on a host that gives Fleet none. */
  ungrouped?: boolean;
  /** What its proxy lacks. */
  egress?: EgressWeakness;
  /** Nobody looks whether the walls stand. */
  unproven?: boolean;
};
