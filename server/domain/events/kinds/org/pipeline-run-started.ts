import { z } from 'zod';

/** A task went into its pipeline. */
export const pipelineRunStarted = z.object({
  pipelineRunId: z.string(),
  taskId: z.string(),
  pipelineVersionId: z.string(),
});
