import { z } from 'zod';

/** Other versions of the policy or of the run's role hold by now, or its classes mean more files in this repo. What is stricter in them holds for this run from here on. */
export const policyChanged = z.object({
  org: z.string().nullable(),
  repo: z.string().nullable(),
  version: z.int(),
  /** What people had added to classes of paths for the repo, by id; null for nothing. */
  classes: z.string().nullable().optional(),
  /** The version of the agent's role, by id; runs older than this field have none. */
  role: z.string().nullable().optional(),
  /** Rules in words: those that hold for this run besides, and those that only later runs have. */
  stricter: z.array(z.string()),
  looser: z.array(z.string()),
});
