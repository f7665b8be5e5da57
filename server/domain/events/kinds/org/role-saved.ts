import { z } from 'zod';
import { approvedVersion } from '../named.ts';

/** A role got a next version; `restored` is the one that it is again. */
export const roleSaved = z.object({
  roleId: z.string(),
  role: z.string(),
  version: z.int(),
  hash: z.string(),
  note: z.string(),
  restored: z.int().nullable(),
  ...approvedVersion,
});
