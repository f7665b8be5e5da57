import { z } from 'zod';

/** A file under `.fleet/` of a repo's default branch says this now: for the first time, or again. */
export const proposalFound = z.object({
  proposalId: z.string(),
  repoId: z.string(),
  path: z.string(),
  commit: z.string(),
  digest: z.string(),
});
