import { z } from 'zod';

/** What was seen when a commit was set up, built and tested before any agent. `failedAt` is null when all of it works. */
export const environmentChecked = z.object({
  environmentCheckId: z.string(),
  repoId: z.string(),
  commit: z.string(),
  verdict: z.enum(['passed', 'failed']),
  failedAt: z.string().nullable(),
  detail: z.string(),
});
