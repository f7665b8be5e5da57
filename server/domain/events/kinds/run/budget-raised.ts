import { z } from 'zod';

/** People gave the run more than it began with, as the run itself is told. */
export const budgetRaised = z.object({
  callId: z.string(),
  approvalId: z.string(),
  addMicros: z.int(),
  addSeconds: z.int(),
});
