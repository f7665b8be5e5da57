import { z } from 'zod';
import { verdict } from '../../../policy/verdict.ts';

/** One call of a smoke test: what was decided, whether its tool did it, and whether the file was there afterwards. */
export const policySmokeTried = z.object({
  smokeId: z.string(),
  repoId: z.string(),
  repo: z.string(),
  agentId: z.string(),
  agent: z.string(),
  role: z.string(),
  roleVersion: z.int(),
  policyVersion: z.int(),
  commit: z.string(),
  what: z.enum(['read', 'write']),
  tool: z.string(),
  path: z.string(),
  verdict,
  done: z.boolean(),
  there: z.boolean(),
});
