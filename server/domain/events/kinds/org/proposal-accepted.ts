import { z } from 'zod';

/** `approvalId`: what it was put before others by, where the org's policy wants that. */
export const proposalAccepted = z.object({
  proposalId: z.string(),
  repoId: z.string(),
  path: z.string(),
  commit: z.string(),
  digest: z.string(),
  approvalId: z.string().nullable(),
});
