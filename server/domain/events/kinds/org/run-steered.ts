import { z } from 'zod';

/** A person’s message to a run; it is told before its next model call. */
export const runSteered = z.object({ runId: z.string(), commandId: z.string(), text: z.string() });
