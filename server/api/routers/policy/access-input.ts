import { z } from 'zod';

const version = z.int().positive().nullable().default(null);
const side = z.object({ role: z.string().max(60), roleVersion: version, policyVersion: version });

/** Whose rights are looked at, and where: one role, or two that are compared. */
export const accessInput = z.object({
  repoId: z.string(),
  taskId: z.string().nullable().default(null),
  sides: z.array(side).min(1).max(2),
});
