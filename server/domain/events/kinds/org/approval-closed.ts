import { z } from 'zod';

/** Nobody can decide it any more: its time is over, or its subject is another by now. */
export const approvalClosed = z.object({
  approvalId: z.string(),
  status: z.enum(['expired', 'voided']),
  reason: z.string(),
});
