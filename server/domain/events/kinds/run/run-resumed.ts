import { z } from 'zod';

/** What the run waited for is there. */
export const runResumed = z.object({ reason: z.string() });
