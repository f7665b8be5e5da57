import { z } from 'zod';

/** The work tree as a turn left it, as a commit that can be gone back to; only new runs keep these. */
export const workspaceSnapshotted = z.object({
  turn: z.int(),
  commit: z.string(),
  /** Changed paths that the commit does not hold: too large, or not to be read. */
  leftOut: z.array(z.string()),
});
