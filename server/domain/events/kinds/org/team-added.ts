import { z } from 'zod';

/** A team, of nobody yet. */
export const teamAdded = z.object({ teamId: z.string(), name: z.string() });
