import { z } from 'zod';

/** An attempt at a stage of a pipeline run. */
export const stageStarted = z.object({
  pipelineRunId: z.string(),
  stageAttemptId: z.string(),
  stage: z.string(),
  attempt: z.int(),
});
