import { z } from 'zod';

/** An owner entered without the required single sign-on. */
export const ssoBypassed = z.object({ userId: z.string(), until: z.string() });
