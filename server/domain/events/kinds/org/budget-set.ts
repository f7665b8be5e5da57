import { z } from 'zod';

/** What an account may use from now on; null: as much as those above it let it. */
export const budgetSet = z.object({
  dimension: z.string(),
  subject: z.string(),
  period: z.string(),
  micros: z.int().nullable(),
  tokens: z.int().nullable(),
  seconds: z.int().nullable(),
  warnAt: z.array(z.int()),
});
