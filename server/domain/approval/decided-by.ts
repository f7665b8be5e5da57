import { z } from 'zod';
import { can, type OrgRole } from '../authz/scopes.ts';
import { deciders, outweighs, type Decider, type Verdict } from '../policy/verdict.ts';

/** Whom the rules that ask want to answer. `owners`: the people that own the code by its CODEOWNERS, by user id. */
export const decidedBy = z.object({
  who: z.enum(deciders),
  rules: z.array(z.string()),
  owners: z.array(z.string()).default([]),
});
export type DecidedBy = z.infer<typeof decidedBy>;

type Person = { userId: string; role: OrgRole };

/** The strictest of what rules that ask want; a request of which no rule asks is the requester's or a lead's to answer. */
export function strictestOf(verdicts: readonly Verdict[]): Omit<DecidedBy, 'owners'> {
  const asking = verdicts.filter(({ verdict }) => verdict === 'ask');
  let who: Decider = 'requester';
  for (const verdict of asking) {
    if (outweighs(verdict, { verdict: 'ask', who })) who = verdict.who ?? 'requester';
  }
  const rules = asking.filter((each) => (each.who ?? 'requester') === who).map(({ rule }) => rule);
  return { who, rules: [...new Set(rules)].slice(0, 20) };
}

const isLead = ({ role }: Person) => can(role, 'repos:connect');
const mayApprove = ({ role }: Person) => can(role, 'approvals:decide');

/** Of these people, those who may answer. Where no owner of the code is a member any more, leads may. */
export function whoMayAnswer({ who, owners }: DecidedBy, members: readonly Person[]): Person[] {
  if (who === 'lead') return members.filter(isLead);
  if (who !== 'owner') return members.filter(mayApprove);
  const found = members.filter(({ userId }) => owners.includes(userId));
  return found.length > 0 ? found : members.filter(isLead);
}

/** How many have to say yes: two where two decide and there are two. */
export function answersNeeded(by: DecidedBy, members: readonly Person[]): number {
  return by.who === 'two' ? Math.min(2, Math.max(1, whoMayAnswer(by, members).length)) : 1;
}

export const deciderNames: Record<Decider, string> = {
  requester: 'the person who filed the task, an approver or a maintainer',
  lead: 'a maintainer, an admin or an owner of the org',
  owner: 'an owner of the code, as CODEOWNERS says',
  two: 'two people who may decide approvals',
};
