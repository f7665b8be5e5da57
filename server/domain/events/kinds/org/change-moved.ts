import { z } from 'zod';

/** The change is another commit by now: what was decided on the one before holds no more. */
export const changeMoved = z.object({
  changeId: z.string(),
  from: z.string().nullable(),
  to: z.string(),
  files: z.int(),
  added: z.int(),
  removed: z.int(),
});
