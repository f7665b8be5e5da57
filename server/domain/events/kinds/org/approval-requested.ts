import { z } from 'zod';

/** People are asked; `digest` is of the subject that they are shown. */
export const approvalRequested = z.object({
  approvalId: z.string(),
  approvalKind: z.string(),
  digest: z.string(),
  /** Null for a version of a policy or role, which `about` names. */
  pipelineRunId: z.string().nullable(),
  about: z.string().optional(),
});
