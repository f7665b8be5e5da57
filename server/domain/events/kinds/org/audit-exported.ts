import { z } from 'zod';

/** The log up to a signed head was handed out, or what passes `filter` of it; from the leaf `from` on where it was gone on with. */
export const auditExported = z.object({
  events: z.int(),
  form: z.string(),
  filter: z.string().optional(),
  from: z.int().optional(),
});
