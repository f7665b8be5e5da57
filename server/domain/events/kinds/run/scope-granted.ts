import { z } from 'zod';
import { grantAllows } from '../../../policy/grant.ts';

/** A person's answer to a request of this run: what was opened, which may be less than was asked. */
export const scopeGranted = z.object({
  callId: z.string(),
  approvalId: z.string(),
  allows: grantAllows,
  until: z.string(),
});
