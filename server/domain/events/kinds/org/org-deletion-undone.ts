import { z } from 'zod';

/** The deletion that was asked for is not to be: the org stays. */
export const orgDeletionUndone = z.object({ deletionId: z.string() });
