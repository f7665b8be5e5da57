import { z } from 'zod';

export const verdicts = ['allow', 'ask', 'deny'] as const;
export type VerdictWord = (typeof verdicts)[number];

export const layerNames = ['platform', 'org', 'repo', 'role', 'task'] as const;
export type LayerName = (typeof layerNames)[number];

/** Who answers a question that a rule asks. */
export const deciders = ['requester', 'lead', 'owner', 'two'] as const;
export type Decider = (typeof deciders)[number];

/** A decision with the rule behind it; `reason` is a sentence the agent and a person can both read. */
export const verdict = z.object({
  verdict: z.enum(verdicts),
  rule: z.string(),
  layer: z.enum(layerNames),
  reason: z.string(),
  /** Who is asked, where the rule says. */
  who: z.enum(deciders).optional(),
  /** The policy version that the rule was read from; decisions older than this field have none. */
  version: z.string().optional(),
});
export type Verdict = z.infer<typeof verdict>;

const strictness: Record<VerdictWord, number> = { allow: 0, ask: 1, deny: 2 };

/** Deny beats ask beats allow; of equals the first. */
export function stricter<V extends { verdict: VerdictWord }>(one: V, other: V): V {
  return strictness[other.verdict] > strictness[one.verdict] ? other : one;
}

export const isStricter = (one: VerdictWord, other: VerdictWord) => strictness[one] > strictness[other];
