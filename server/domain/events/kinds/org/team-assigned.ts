import { z } from 'zod';

/** `teamId` null: it belongs to none any more. */
export const teamAssigned = z.object({
  dimension: z.enum(['repo', 'agent']),
  subject: z.string(),
  teamId: z.string().nullable(),
});
