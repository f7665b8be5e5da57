import { z } from 'zod';

/** Left aside until the file says something else. */
export const proposalDismissed = z.object({
  proposalId: z.string(),
  repoId: z.string(),
  path: z.string(),
  commit: z.string(),
  digest: z.string(),
  reason: z.string(),
});
