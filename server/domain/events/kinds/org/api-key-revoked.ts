import { z } from 'zod';

/** One key opens nothing any more. */
export const apiKeyRevoked = z.object({ keyId: z.string(), serviceAccountId: z.string(), prefix: z.string() });
