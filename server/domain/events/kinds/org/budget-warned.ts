import { z } from 'zod';

/** A level of a budget was reached; amounts are used and limit of the unit that reached it. */
export const budgetWarned = z.object({
  budgetId: z.string(),
  dimension: z.string(),
  subject: z.string(),
  period: z.string(),
  unit: z.enum(['micros', 'tokens', 'millis']),
  level: z.int(),
  used: z.int(),
  limit: z.int(),
});
