import { z } from 'zod';

/** Its repos and agents belong to none from then on. */
export const teamRemoved = z.object({ teamId: z.string(), name: z.string() });
