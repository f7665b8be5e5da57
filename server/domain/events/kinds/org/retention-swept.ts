import { z } from 'zod';

/** Payloads of a kind that were older than that were erased, each behind a signed tombstone. */
export const retentionSwept = z.object({
  kind: z.string(),
  days: z.int(),
  before: z.string(),
  events: z.int(),
  outputs: z.int(),
});
