import { z } from 'zod';

/** Other versions of the policy hold by now. What is stricter in them holds for this run from here on. */
export const policyChanged = z.object({
  org: z.string().nullable(),
  repo: z.string().nullable(),
  version: z.int(),
  /** Rules in words: those that hold for this run besides, and those that only later runs have. */
  stricter: z.array(z.string()),
  looser: z.array(z.string()),
});
