import { z } from 'zod';

/** By the member's own wish where the actor is the member. */
export const memberRemoved = z.object({ userId: z.string(), role: z.string() });
