import { z } from 'zod';

const verdicts = ['allow', 'ask', 'deny'] as const;

/** A decision with the rule behind it; `reason` is a sentence the agent and a person can both read. */
export const verdict = z.object({
  verdict: z.enum(verdicts),
  rule: z.string(),
  layer: z.enum(['platform', 'org', 'repo', 'role', 'task']),
  reason: z.string(),
});
export type Verdict = z.infer<typeof verdict>;
