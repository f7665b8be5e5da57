import { z } from 'zod';

/** An address got a link by which its owner can become a member until `expiresAt`. */
export const memberInvited = z.object({
  invitationId: z.string(),
  email: z.string(),
  role: z.string(),
  expiresAt: z.string(),
});
