import { z } from 'zod';

/** A command that goes on beside the agent’s other calls. */
export const jobStarted = z.object({ callId: z.string(), jobId: z.string(), command: z.string() });
