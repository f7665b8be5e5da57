import { z } from 'zod';

/** A command in the background is over. */
export const jobEnded = z.object({
  jobId: z.string(),
  command: z.string(),
  /** `sandbox`: closed while the run waited, or by a crash. */
  by: z.enum(['itself', 'agent', 'sandbox']),
  exitCode: z.int().nullable(),
  /** The end of its output. */
  said: z.string(),
});
