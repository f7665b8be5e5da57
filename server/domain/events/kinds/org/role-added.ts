import { z } from 'zod';
import { approvedVersion } from '../named.ts';

/** A role came into the org, with one agent: `from` the catalogue's or another role of the org. */
export const roleAdded = z.object({
  roleId: z.string(),
  role: z.string(),
  from: z.object({ kind: z.enum(['catalogue', 'role']), name: z.string() }),
  hash: z.string(),
  agentId: z.string(),
  agent: z.string(),
  ...approvedVersion,
});
