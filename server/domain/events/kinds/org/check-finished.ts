import { z } from 'zod';

/** The platform’s own check of a commit; `evidenceSha256` is of the canonical bytes of what it saw. */
export const checkFinished = z.object({
  checkResultId: z.string(),
  changeId: z.string(),
  commit: z.string(),
  verdict: z.string(),
  evidenceSha256: z.string(),
});
