import { z } from 'zod';

/** The link of an invitation opens nothing any more. */
export const invitationRevoked = z.object({ invitationId: z.string(), email: z.string() });
