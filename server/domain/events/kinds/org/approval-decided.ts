import { z } from 'zod';

/** What people decided on the subject of that digest, and from where (`via`). */
export const approvalDecided = z.object({
  approvalId: z.string(),
  digest: z.string(),
  verdict: z.enum(['approved', 'denied']),
  reason: z.string(),
  via: z.string(),
  selfApproved: z.boolean(),
  /** Denied, and sent back to be reworked. */
  rework: z.boolean().optional(),
});
