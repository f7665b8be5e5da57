import { amountInWords, opensInWords } from './request-words.ts';
import type { ApprovalSubject, DefinitionTarget } from './subject.ts';

/** How long a decision is waited for before it is asked anew. */
export const approvalTtlMs = 3 * 24 * 60 * 60 * 1_000;

/** "the policy of the org", "the role `developer`". */
export function definitionName(what: DefinitionTarget): string {
  switch (what.of) {
    case 'policy':
      return what.layer === 'org' ? 'the policy of the org' : `the policy of the repo \`${what.name}\``;
    case 'role':
    case 'new-role':
      return `the role \`${what.name}\``;
    case 'agent':
    case 'new-agent':
      return `the agent \`${what.name}\``;
    case 'tools':
      return `the tools of the MCP server \`${what.name}\``;
  }
}

function definitionConsent({ what, basedOn }: Extract<ApprovalSubject, { kind: 'definition' }>): string {
  const name = definitionName(what);
  if (what.of === 'agent') return `Let revision ${basedOn + 1} of ${name} come into force.`;
  if (what.of === 'new-agent') return `Let ${name} be hired into the role \`${what.role}\`.`;
  if (what.of === 'tools') return `Let roles have ${name} as they are listed here.`;
  return `Let version ${basedOn + 1} of ${name} come into force.`;
}

export type ApprovalSentences = { consent: string; onDeny: string; onExpiry: string };

/** What a decision does, in plain sentences: built from the subject alone, so that page and mail say the same. */
export function approvalSentences(subject: ApprovalSubject): ApprovalSentences {
  const onExpiry = 'Nothing is approved and nothing is lost: it is asked anew.';
  switch (subject.kind) {
    case 'merge': {
      const files = subject.files === 1 ? '1 file' : `${subject.files} files`;
      return {
        consent: `Let Fleet merge ${files} (+${subject.added} −${subject.removed}) into \`${subject.target}\` of \`${subject.repo}\`.`,
        onDeny: subject.reworkTo
          ? 'Nothing is merged. The task ends and its branch is kept, unless you send the change back to be reworked.'
          : 'Nothing is merged and the task ends; its branch is kept.',
        onExpiry,
      };
    }
    case 'question':
      return {
        consent: 'Answer the agent’s question; it goes on with your words.',
        onDeny: 'The agent is told no, with your reason, and goes on without it.',
        onExpiry,
      };
    case 'scope':
      return {
        consent: `Let ${subject.agent} also ${opensInWords(subject)}, in this run only.`,
        onDeny: 'Nothing is opened. The agent is told so, with your reason, and goes on without it.',
        onExpiry,
      };
    case 'blocker':
      return {
        consent: `Tell ${subject.agent} that what blocks it is cleared; it goes on.`,
        onDeny: 'The agent is told that it stays blocked, with your reason, and finishes with what it has.',
        onExpiry,
      };
    case 'escalation':
      return {
        consent: `Go on with another round of ${subject.retryStage}.`,
        onDeny: 'The task ends here; its branch is kept.',
        onExpiry,
      };
    case 'definition':
      return {
        consent: definitionConsent(subject),
        onDeny: 'Nothing changes. The draft stays to be read here, with your reason.',
        onExpiry: 'Nothing changes. The draft stays to be read here, and can be saved once more.',
      };
    case 'budget':
      return {
        consent: `Give this run ${amountInWords(subject)} more.`,
        onDeny: 'The agent is told no, with your reason, and brings its work to an end with what is left.',
        onExpiry,
      };
  }
}
