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
  escalation: {
    approved: { button: 'Allow one more round', sure: 'Allow one more round?', after: 'The stage is tried once more.' },
    denied: {
      button: 'End the task',
      sure: 'End this task?',
      after: 'The task has ended. Nothing is merged, and the branch is kept.',
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
  escalation: 'Escalation',
  budget: 'More budget',
};

const closed: Partial<Record<ApprovalView['status'], string>> = {
  expired: 'Nobody decided in time. Nothing was approved.',
  voided:
    'What was asked no longer exists as it was, so nothing can be decided here any more. A new approval is asked for where one is still needed.',
};

/** What happens now that it is no longer pending; null while it is. */
export function afterwards(approval: Pick<ApprovalView, 'kind' | 'status'>): string | null {
  if (approval.status === 'pending') return null;
  if (approval.status === 'approved' || approval.status === 'denied')
    return approvalWords[approval.kind][approval.status].after;
  return closed[approval.status] ?? null;
}
