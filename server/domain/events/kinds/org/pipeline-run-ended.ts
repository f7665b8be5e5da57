import { z } from 'zod';

/** A task’s pipeline is through; `status` says how. */
export const pipelineRunEnded = z.object({
  pipelineRunId: z.string(),
  status: z.string(),
  reason: z.string(),
  detail: z.string(),
});
