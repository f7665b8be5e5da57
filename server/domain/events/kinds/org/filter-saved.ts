import { z } from 'zod';

/** A filter of the log that people keep under a name; in place of what had that name. */
export const filterSaved = z.object({ savedFilterId: z.string(), name: z.string(), filter: z.string() });
