import { z } from 'zod';
import { verdict } from '../policy/verdict.ts';
import { buildHandoff } from '../roles/role-body.ts';
import { claimProof } from './prove-claims.ts';

/** A hand-off as stored: what the agent said and what the server found and committed. */
export const handoffRecord = z.object({
  callId: z.string(),
  body: buildHandoff,
  /** What its claims point to, one a claim. */
  proofs: z.array(claimProof).default([]),
  /** Null: nothing was changed and the agent said why; a person decides how to go on. */
  commit: z.string().nullable(),
  parent: z.string(),
  files: z.int(),
  added: z.int(),
  removed: z.int(),
  /** Paths of the commit. */
  changed: z.array(z.string()),
  /** Changed paths the run may not write; they are not in the commit. */
  leftOut: z.array(z.string()),
  /** What policy said of its push and of its size; hand-offs older than this have none. */
  judged: z.array(z.object({ on: z.string(), what: z.string(), verdict })).default([]),
});
export type HandoffRecord = z.infer<typeof handoffRecord>;
