import { z } from 'zod';
import { grantAllows } from '../../../policy/grant.ts';

/** What people opened for one run, until then. */
export const grantGiven = z.object({
  grantId: z.string(),
  approvalId: z.string(),
  runId: z.string(),
  allows: grantAllows,
  until: z.string(),
});
