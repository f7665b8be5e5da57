import type { ApprovalSubject } from './subject.ts';

/** How long a decision is waited for before it is asked anew. */
export const approvalTtlMs = 3 * 24 * 60 * 60 * 1_000;

export type ApprovalSentences = { consent: string; onDeny: string; onExpiry: string };

/** What a decision does, in plain sentences: built from the subject alone, so that page and mail say the same. */
export function approvalSentences(subject: ApprovalSubject): ApprovalSentences {
  const onExpiry = 'Nothing is approved and nothing is lost: it is asked anew.';
  switch (subject.kind) {
    case 'merge': {
      const files = subject.files === 1 ? '1 file' : `${subject.files} files`;
      return {
        consent: `Let Fleet merge ${files} (+${subject.added} −${subject.removed}) into \`${subject.target}\` of \`${subject.repo}\`.`,
        onDeny: 'Nothing is merged and the task ends; its branch is kept.',
        onExpiry,
      };
    }
    case 'question':
      return {
        consent: 'Answer the agent’s question; it goes on with your words.',
        onDeny: 'The agent is told no, with your reason, and goes on without it.',
        onExpiry,
      };
    case 'escalation':
      return {
        consent: `Go on with another round of ${subject.retryStage}.`,
        onDeny: 'The task ends here; its branch is kept.',
        onExpiry,
      };
    case 'budget':
      return {
        consent: `Give this run ${amounts(subject)} more.`,
        onDeny: 'The agent is told no, with your reason, and brings its work to an end with what is left.',
        onExpiry,
      };
  }
}

function amounts({ addMicros, addSeconds }: { addMicros: number; addSeconds: number }): string {
  const money = addMicros > 0 ? `$${(addMicros / 1_000_000).toFixed(2)}` : '';
  const time = addSeconds > 0 ? `${addSeconds} s of run-time` : '';
  return [money, time].filter((part) => part !== '').join(' and ');
}

/** What the agent is told after its question was decided. */
export function answerText(verdict: 'approved' | 'denied', answer: string | null, reason: string): string {
  const words = [answer ?? '', reason].filter((part) => part.trim() !== '').join('\n');
  if (verdict === 'approved') return words || 'Yes.';
  return words ? `No. ${words}` : 'No.';
}
