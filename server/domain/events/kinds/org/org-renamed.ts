import { z } from 'zod';

/** The org got another name; its address stays. */
export const orgRenamed = z.object({ from: z.string(), to: z.string() });
