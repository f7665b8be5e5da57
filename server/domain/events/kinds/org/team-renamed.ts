import { z } from 'zod';

/** A team got another name. */
export const teamRenamed = z.object({ teamId: z.string(), from: z.string(), to: z.string() });
