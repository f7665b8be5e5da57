import { z } from 'zod';

/** A key to a service account, with these rights until `expiresAt`; never the key itself. */
export const apiKeyMade = z.object({
  keyId: z.string(),
  serviceAccountId: z.string(),
  prefix: z.string(),
  scopes: z.array(z.string()),
  expiresAt: z.string(),
});
