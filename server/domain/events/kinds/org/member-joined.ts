import { z } from 'zod';

/** By an invitation, by an address of a domain of the org, or because the member made the org. */
export const memberJoined = z.object({
  userId: z.string(),
  role: z.string(),
  invitationId: z.string().optional(),
  domain: z.string().optional(),
});
