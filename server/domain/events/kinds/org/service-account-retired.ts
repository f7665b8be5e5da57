import { z } from 'zod';

/** A program’s account, and all keys to it, open nothing any more. */
export const serviceAccountRetired = z.object({ serviceAccountId: z.string(), name: z.string() });
