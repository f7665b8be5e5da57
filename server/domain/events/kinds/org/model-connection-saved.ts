import { z } from 'zod';

/** A model provider, new or changed. */
export const modelConnectionSaved = z.object({
  connectionId: z.string(),
  name: z.string(),
  protocol: z.string(),
  baseUrl: z.string(),
  /** The end of its key; null where it has none. */
  hint: z.string().nullable(),
});
