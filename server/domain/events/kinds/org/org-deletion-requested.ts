import { z } from 'zod';

/** An owner asked for the org to be deleted; on `dueAt` it goes, unless it is undone before. */
export const orgDeletionRequested = z.object({ deletionId: z.string(), dueAt: z.string() });
