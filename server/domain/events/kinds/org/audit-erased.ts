import { z } from 'zod';

/** A person had the payload of an event blanked; a signed tombstone stands in its place. */
export const auditErased = z.object({
  streamId: z.string(),
  seq: z.int(),
  kind: z.string(),
  reason: z.string(),
  eventHash: z.string(),
  payloadHash: z.string(),
  /** Whole outputs that went with it; older ones have none. */
  outputs: z.int().optional(),
});
