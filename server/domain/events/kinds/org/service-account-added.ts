import { z } from 'zod';

/** A program got an account, to which keys can be made. */
export const serviceAccountAdded = z.object({ serviceAccountId: z.string(), name: z.string() });
