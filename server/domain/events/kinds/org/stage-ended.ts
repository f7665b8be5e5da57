import { z } from 'zod';

/** What became of an attempt at a stage. */
export const stageEnded = z.object({
  pipelineRunId: z.string(),
  stageAttemptId: z.string(),
  stage: z.string(),
  attempt: z.int(),
  status: z.string(),
  reason: z.string(),
});
