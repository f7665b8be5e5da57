import { z } from 'zod';

/** Another identity opens the member's account from now on, or not any more; which one of an org's is not said elsewhere. */
export const identitySet = z.object({
  userId: z.string(),
  provider: z.enum(['github', 'sso']),
  connected: z.boolean(),
});
