import { z } from 'zod';

/** The secret is sent nowhere any more. */
export const secretRemoved = z.object({ secretId: z.string(), name: z.string() });
