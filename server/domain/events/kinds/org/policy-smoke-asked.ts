import { z } from 'zod';

/** A person wants to see that the policy holds for an agent in a repo. */
export const policySmokeAsked = z.object({
  smokeId: z.string(),
  repoId: z.string(),
  repo: z.string(),
  agentId: z.string(),
  agent: z.string(),
});
