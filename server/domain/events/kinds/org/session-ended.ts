import { z } from 'zod';

/** Sessions of the member were ended, by the member: one, or how many at once. */
export const sessionEnded = z.object({ userId: z.string(), count: z.int() });
