'use client';

import type { ReactNode } from 'react';
import type { ApprovalView } from '../../server/domain/views/views.ts';
import { LineChanges } from '../policy/line-changes.tsx';
import { RuleChanges } from '../policy/rule-changes.tsx';
import { TryDraft } from '../policy/try-draft.tsx';
import { Notice } from '../ui/notice.tsx';
import { Section } from '../ui/section.tsx';

/** The repo whose rules are meant, if it is one's. */
function repoOf({ subject }: ApprovalView): string | null {
  return subject.kind === 'definition' && subject.what.of === 'policy' && subject.what.layer === 'repo'
    ? subject.what.target
    : null;
}

/** What a version of a policy or role would change, in words and line by line, and how the past would have come out. */
export function DefinitionChanges({ org, approval }: { org: string; approval: ApprovalView }): ReactNode {
  const { definition } = approval;
  if (definition === null) return null;
  const { stricter, looser, able, before, after, triable, approval: rule } = definition;
  return (
    <Section title="What would change">
      {rule && (
        <Notice look="warn" title="It changes who approves the next version">
          Now: {rule.before} Then: {rule.after}
        </Notice>
      )}
      <RuleChanges stricter={stricter} looser={looser} able={able} />
      <LineChanges before={before} after={after} label="What would change, line by line" />
      {triable && approval.status === 'pending' && <TryDraft org={org} yaml={after} repoId={repoOf(approval)} />}
    </Section>
  );
}
