import { z } from 'zod';
import { approvedVersion } from '../named.ts';

/** Another agent of a role that was there; `repoId`: the one repo it works in, null for all. */
export const agentHired = z.object({
  agentId: z.string(),
  agent: z.string(),
  roleId: z.string(),
  role: z.string(),
  repoId: z.string().nullable(),
  ...approvedVersion,
});
