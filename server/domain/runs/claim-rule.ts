import { can, type OrgRole } from '../authz/scopes.ts';
import { orgIsGoing } from '../orgs/org-deletion.ts';
import type { RunOutcome } from './run-state.ts';

/** What holds now of what a run was started with; read in the transaction that claims it. */
export type ClaimFacts = {
  /** Of whom the run works for; null for a person who is no member any more and for a retired service account. */
  requesterRole: OrgRole | null;
  /** Whether agent and repo still belong together. */
  agentServesRepo: boolean;
  quarantinedAt: Date | null;
  /** The agent's name where it has been retired. */
  retiredAgent: string | null;
  /** Of a helper: whether nobody waits for its answer any more. */
  unasked: boolean;
  /** When the org itself is to be deleted; null where it stays. */
  orgGoesAt: Date | null;
};

export type ClaimVerdict =
  | { may: true }
  /** It cannot go on: it is taken once more, to be ended. */
  | { may: false; outcome: RunOutcome }
  /** Nothing of its lineage starts until a person releases it. */
  | { may: false; hold: { for: string; wakes: string } };

/** How a run ends whose agent was retired. */
export function agentRetired(agent: string): RunOutcome {
  const detail = `The agent ${agent} has been retired. Hire one for its role or let it work again, then start the stage again.`;
  return { reason: 'not_allowed', detail };
}

/** How a helper ends whose parent ends or is told to stop. */
export const helperUnasked: RunOutcome = {
  reason: 'not_allowed',
  detail: 'The run that asked for this helper has ended, or a person stops or pauses it.',
};

/** Whether a run may still be worked on: messages carry no authority, so that is asked each time it is claimed. */
export function mayBeClaimed(facts: ClaimFacts): ClaimVerdict {
  const { requesterRole, agentServesRepo, quarantinedAt, retiredAgent, unasked, orgGoesAt } = facts;
  if (orgGoesAt !== null) return { may: false, outcome: orgIsGoing(orgGoesAt) };
  if (unasked) return { may: false, outcome: helperUnasked };
  // Before all that only holds a run back: nothing is waited for with an agent that is gone.
  if (retiredAgent !== null) return { may: false, outcome: agentRetired(retiredAgent) };
  if (quarantinedAt !== null) {
    return {
      may: false,
      hold: { for: 'the release of its quarantined lineage', wakes: 'a person releases it from quarantine' },
    };
  }
  if (requesterRole === null || !can(requesterRole, 'tasks:create')) {
    const detail =
      requesterRole === null
        ? 'Whoever filed this task is no longer a member of the org. Somebody else has to file it anew.'
        : `The person who filed this task is now ${requesterRole} and may not file tasks. Somebody else has to file it anew.`;
    return { may: false, outcome: { reason: 'not_allowed', detail } };
  }
  if (!agentServesRepo) {
    const detail = 'The agent no longer works in this repo. Hire one for it, then start the stage again.';
    return { may: false, outcome: { reason: 'not_allowed', detail } };
  }
  return { may: true };
}
