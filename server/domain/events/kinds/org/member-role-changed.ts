import { z } from 'zod';

/** A member has another role, and so other rights, from now on. */
export const memberRoleChanged = z.object({ userId: z.string(), from: z.string(), to: z.string() });
