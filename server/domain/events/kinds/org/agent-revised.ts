import { z } from 'zod';
import { approvedVersion } from '../named.ts';

/** An agent got a next revision, in which `changed` differ; `restored` is the one that it is again. */
export const agentRevised = z.object({
  agentId: z.string(),
  agent: z.string(),
  revision: z.int(),
  changed: z.array(z.string()),
  note: z.string(),
  restored: z.int().nullable(),
  ...approvedVersion,
});
