import { z } from 'zod';

/** The host made a commit of what the run may have changed. */
export const commitRecorded = z.object({
  commit: z.string(),
  parent: z.string(),
  files: z.int(),
  added: z.int(),
  removed: z.int(),
  /** Changed paths that the run may not write; they are not in the commit. */
  leftOut: z.array(z.string()),
});
