import { z } from 'zod';

/** A retired agent gets work again. */
export const agentReinstated = z.object({ agentId: z.string(), name: z.string() });
