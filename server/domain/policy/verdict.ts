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

type Weighed = { verdict: VerdictWord; who?: Decider | undefined };

/** Whom it is harder to get an answer from: two people beat an owner of the code, who beats a lead. */
const weight = ({ verdict: word, who = 'requester' }: Weighed) =>
  strictness[word] * deciders.length + (word === 'ask' ? deciders.indexOf(who) : 0);

/** Deny beats ask beats allow; of two that ask, the one that asks more. */
export const outweighs = (one: Weighed, other: Weighed) => weight(one) > weight(other);

/** The one that outweighs the other; of equals the first. */
export function stricter<V extends Weighed>(one: V, other: V): V {
  return outweighs(other, one) ? other : one;
}

/** Whether an answer by `given` is as good as one by `wanted`. */
export const answersFor = (given: Decider, wanted: Decider) => deciders.indexOf(given) >= deciders.indexOf(wanted);

export const isStricter = (one: VerdictWord, other: VerdictWord) => strictness[one] > strictness[other];
