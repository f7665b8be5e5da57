import { z } from 'zod';

/** Nothing of the run, or without one of the org, is erased until it is lifted. */
export const holdPlaced = z.object({ holdId: z.string(), runId: z.string().nullable(), reason: z.string() });
