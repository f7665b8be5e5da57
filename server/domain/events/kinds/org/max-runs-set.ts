import { z } from 'zod';

/** How many runs may be worked on at once: of the org, or of one agent. */
export const maxRunsSet = z.object({ dimension: z.enum(['org', 'agent']), subject: z.string(), maxRuns: z.int() });
