import { z } from 'zod';

/** The change is in the target branch: `previous` was its tip, `merged` is it now. */
export const changeMerged = z.object({
  changeId: z.string(),
  head: z.string(),
  target: z.string(),
  previous: z.string(),
  merged: z.string(),
});
