import { z } from 'zod';

/** `digest`: of the text that the person saw. */
export const proposalInput = z.object({ proposalId: z.string(), digest: z.string().max(100) });
