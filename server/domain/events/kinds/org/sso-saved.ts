import { z } from 'zod';

/** The org’s identity provider, new or changed; never its secret. */
export const ssoSaved = z.object({ ssoProviderId: z.string(), issuer: z.string(), clientId: z.string() });
