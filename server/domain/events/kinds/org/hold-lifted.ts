import { z } from 'zod';

/** What the hold kept is erased by time again. */
export const holdLifted = z.object({ holdId: z.string(), runId: z.string().nullable(), reason: z.string() });
