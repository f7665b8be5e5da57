import { amountInWords, opensInWords } from '../../server/domain/approval/request-words.ts';
import type { ApprovalView } from '../../server/domain/views/views.ts';

export type Verdict = 'approved' | 'denied';
type Words = {
  button: string;
  /** The question of the last step, and the same verb again. */
  sure: string;
  /** What happens next, once it is decided. */
  after: string;
};

export const approvalWords: Record<ApprovalView['kind'], Record<Verdict, Words>> = {
  merge: {
    approved: {
      button: 'Approve merge',
      sure: 'Approve this merge?',
      after:
        'Fleet tests the merge result once more and pushes it. If the default branch has moved so that it no longer fits, you are asked again.',
    },
    denied: {
      button: 'Deny merge',
      sure: 'Deny this merge?',
      after: 'Nothing is merged. The branch is kept, and your reason stands in the log.',
    },
  },
  question: {
    approved: {
      button: 'Send answer',
      sure: 'Send this answer?',
      after: 'The agent has your answer and goes on where it stopped.',
    },
    denied: {
      button: 'Decline to answer',
      sure: 'Decline to answer?',
      after: 'The agent is told that it gets no answer, with your reason.',
    },
  },
  scope: {
    approved: {
      button: 'Approve scope',
      sure: 'Open this for the run?',
      after: 'The agent may do this in its run, and only there. It goes on where it stopped.',
    },
    denied: {
      button: 'Deny scope',
      sure: 'Deny this request?',
      after: 'Nothing was opened. The agent has your reason and goes on without it.',
    },
  },
  blocker: {
    approved: {
      button: 'It is cleared',
      sure: 'Is the blocker cleared?',
      after: 'The agent was told and tries again.',
    },
    denied: {
      button: 'It stays',
      sure: 'Does the blocker stay?',
      after: 'The agent was told and finishes with what it has.',
    },
  },
  escalation: {
    approved: { button: 'Allow one more round', sure: 'Allow one more round?', after: 'The stage is tried once more.' },
    denied: {
      button: 'End the task',
      sure: 'End this task?',
      after: 'The task has ended. Nothing is merged, and the branch is kept.',
    },
  },
  definition: {
    approved: {
      button: 'Approve version',
      sure: 'Let this version come into force?',
      after:
        'The version is in force. What is stricter in it holds for running agents from their next action on; what is looser, for runs that start later. How much an agent may run counts at once.',
    },
    denied: {
      button: 'Deny version',
      sure: 'Deny this version?',
      after: 'Nothing has changed. Its author reads your reason here and can draft it again.',
    },
  },
  budget: {
    approved: {
      button: 'Raise the budget',
      sure: 'Raise the budget of this run?',
      after: 'The run has its budget and goes on where it stopped.',
    },
    denied: {
      button: 'Keep the budget',
      sure: 'Keep the budget as it is?',
      after: 'The agent is told no and brings its work to an end with what is left.',
    },
  },
};

export const kindTitles: Record<ApprovalView['kind'], string> = {
  merge: 'Merge',
  question: 'Question of an agent',
  scope: 'More scope',
  blocker: 'Blocked agent',
  escalation: 'Escalation',
  budget: 'More budget',
  definition: 'Policy, role or agent',
};

/** What the first button says once the request has been cut down. */
export const narrowerButton = 'Approve narrower';

const closed: Partial<Record<ApprovalView['status'], string>> = {
  expired: 'Nobody decided in time. Nothing was approved.',
  voided:
    'What was asked no longer exists as it was, so nothing can be decided here any more. A new approval is asked for where one is still needed.',
};

const draftVoided =
  'Nothing has changed. Another version came into force, or its author put another draft in its place: draft it again on top of what is in force now.';

const sentBack =
  'Nothing is merged. The agent has your reason and works on the change once more; it is checked, reviewed and put before you again.';

/** What happens now that it is no longer pending; null while it is. */
export function afterwards(approval: Pick<ApprovalView, 'kind' | 'status' | 'rework'>): string | null {
  if (approval.status === 'pending') return null;
  if (approval.rework) return sentBack;
  if (approval.kind === 'definition' && approval.status === 'voided') return draftVoided;
  if (approval.status === 'approved' || approval.status === 'denied')
    return approvalWords[approval.kind][approval.status].after;
  return closed[approval.status] ?? null;
}

/** What was given in the end: the sentence of the request, cut down to it. */
export function givenInWords({ subject, granted }: Pick<ApprovalView, 'subject' | 'granted'>): string {
  if (subject.kind === 'scope' && granted?.kind === 'scope') return `Opened: ${opensInWords(granted)}.`;
  if (subject.kind === 'budget' && granted?.kind === 'budget') {
    return `Given: ${amountInWords(granted)} more.`;
  }
  return '';
}
