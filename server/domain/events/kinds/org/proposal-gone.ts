import { z } from 'zod';

/** The file says something else, or is not there any more. */
export const proposalGone = z.object({ proposalId: z.string(), repoId: z.string(), path: z.string() });
