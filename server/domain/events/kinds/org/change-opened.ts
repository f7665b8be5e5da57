import { z } from 'zod';

/** A pipeline run has a branch for what it will come to. */
export const changeOpened = z.object({
  changeId: z.string(),
  pipelineRunId: z.string(),
  branch: z.string(),
  base: z.string(),
});
