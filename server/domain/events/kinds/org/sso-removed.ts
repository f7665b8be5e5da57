import { z } from 'zod';

/** The org has no identity provider any more. */
export const ssoRemoved = z.object({ ssoProviderId: z.string(), issuer: z.string() });
