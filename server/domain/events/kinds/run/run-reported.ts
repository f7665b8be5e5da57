import { z } from 'zod';

/** What a helper answers the run that asked for it. */
export const runReported = z.object({ body: z.unknown() });
