import { z } from 'zod';

/** A member was put into the team, or taken out of it. */
export const teamMemberSet = z.object({ teamId: z.string(), userId: z.string(), isIn: z.boolean() });
