import { z } from 'zod';

/** An agent’s opinion of a commit, which approves nothing. */
export const reviewRecorded = z.object({
  reviewId: z.string(),
  changeId: z.string(),
  commit: z.string(),
  verdict: z.string(),
  findings: z.int(),
});
