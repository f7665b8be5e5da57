import { z } from 'zod';

/** Work that was asked for, with what it may change (`scope`) and use. */
export const taskCreated = z.object({
  taskId: z.string(),
  number: z.int(),
  title: z.string(),
  repoId: z.string(),
  scope: z.array(z.string()),
  /** What all its runs together may use; tasks older than these fields have the default. */
  secondsLimit: z.int().optional(),
  costLimitMicros: z.int().optional(),
});
