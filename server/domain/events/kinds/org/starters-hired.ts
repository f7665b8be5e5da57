import { z } from 'zod';

/** The org took the starter roles with their agents, and with them its first policy and pipeline. */
export const startersHired = z.object({
  agents: z.array(z.string()),
  policyVersionId: z.string(),
  pipelineVersionId: z.string(),
});
