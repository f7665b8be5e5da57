import { z } from 'zod';

/** A smoke test that could not be made, which says nothing of the policy. */
export const policySmokeFailed = z.object({
  smokeId: z.string(),
  repoId: z.string(),
  repo: z.string(),
  agentId: z.string(),
  agent: z.string(),
  role: z.string(),
  problem: z.string(),
});
