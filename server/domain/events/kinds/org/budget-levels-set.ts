import { z } from 'zod';

/** At how many per cent of a budget people are told; none: never. */
export const budgetLevelsSet = z.object({ warnAt: z.array(z.int()) });
