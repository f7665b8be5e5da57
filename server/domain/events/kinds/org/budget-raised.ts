import { z } from 'zod';

/** People gave a run more than it began with. */
export const budgetRaised = z.object({ runId: z.string(), addMicros: z.int(), addSeconds: z.int() });
