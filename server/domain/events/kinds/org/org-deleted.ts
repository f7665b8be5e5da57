import { z } from 'zod';

/** The last word of its log: after it all of the org goes. */
export const orgDeleted = z.object({ deletionId: z.string(), requestedBy: z.string(), requestedAt: z.string() });
