import { z } from 'zod';

/** A kept filter is gone. */
export const filterRemoved = z.object({ savedFilterId: z.string(), name: z.string() });
