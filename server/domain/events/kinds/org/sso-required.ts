import { z } from 'zod';

/** From now on only sessions of the org's identity provider enter, or any session of a member again. */
export const ssoRequired = z.object({ ssoProviderId: z.string(), required: z.boolean() });
