import { z } from 'zod';

/** A run asked for a helper, which is a run of its own with a share of the budget. */
export const runDelegated = z.object({
  runId: z.string(),
  callId: z.string(),
  helperRunId: z.string(),
  stageAttemptId: z.string(),
  secondsLimit: z.int(),
  costLimitMicros: z.int(),
});
