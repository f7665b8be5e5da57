import { z } from 'zod';

/** A merge that was approved was not made. */
export const changeMergeRefused = z.object({ changeId: z.string(), reason: z.string(), detail: z.string() });
