import { z } from 'zod';
import { approvedVersion } from '../named.ts';

/** `layer` org or repo; `restored` is the number of the version that it takes up again. */
export const policySaved = z.object({
  policyVersionId: z.string(),
  layer: z.string(),
  target: z.string(),
  version: z.int(),
  hash: z.string(),
  note: z.string(),
  restored: z.int().nullable(),
  ...approvedVersion,
});
