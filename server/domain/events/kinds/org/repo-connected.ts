import { z } from 'zod';

/** A repo that agents may be put to work on from now on. */
export const repoConnected = z.object({
  repoId: z.string(),
  name: z.string(),
  source: z.string(),
  defaultBranch: z.string(),
  testCommand: z.string(),
});
