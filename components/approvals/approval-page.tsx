'use client';

import { skipToken, useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import type { ApprovalView, ChangeView } from '../../server/domain/views/views.ts';
import { CheckEvidencePanel } from '../checks/check-evidence.tsx';
import { Diff } from '../diff/diff.tsx';
import { Crumb } from '../frame/crumb.tsx';
import { Page } from '../frame/page.tsx';
import { StateMark } from '../status/state-mark.tsx';
import { approvalStates } from '../status/status.ts';
import { useTRPC } from '../trpc/context.ts';
import { slow, useOrgChanges } from '../trpc/use-org-changes.ts';
import { Notice } from '../ui/notice.tsx';
import { Section } from '../ui/section.tsx';
import { Bone } from '../ui/skeleton.tsx';
import { Ago } from '../ui/time.tsx';
import { AgentWords } from './agent-words.tsx';
import { kindTitles } from './approval-words.ts';
import { Decision } from './decision.tsx';
import { DefinitionChanges } from './definition-changes.tsx';
import { ApprovalFacts } from './facts.tsx';
import { Outcome } from './outcome.tsx';
import { Words } from '../ui/words.tsx';

function Head({ org, approval }: { org: string; approval: ApprovalView }) {
  const pending = approval.status === 'pending';
  return (
    <header className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-3">
        <StateMark state={approvalStates[approval.status]} />
        <span>{kindTitles[approval.kind]}</span>
        {pending && (
          <span>
            expires <Ago at={approval.expiresAt} />
          </span>
        )}
      </div>
      <h1 className="max-w-[60ch] text-xl font-semibold foreign">
        <Words text={approval.consent} />
      </h1>
      {approval.taskId !== null && (
        <p className="text-sm text-ink-2 foreign">
          For{' '}
          <Link href={`/${org}/tasks/${approval.taskId}`} className="text-accent hover:underline">
            <span className="figures">#{approval.taskNumber}</span> {approval.taskTitle}
          </Link>
        </p>
      )}
    </header>
  );
}

/** What an agent said to it; null where no agent spoke. */
function quoteOf({ subject }: ApprovalView): string | null {
  if (subject.kind === 'merge') return subject.summary;
  if (subject.kind === 'question') return subject.question;
  if (subject.kind === 'scope' || subject.kind === 'budget') return subject.why;
  if (subject.kind !== 'blocker') return null;
  const tried = subject.tried.length > 0 ? [`Tried: ${subject.tried.join('; ')}`] : [];
  return [subject.what, `Needed: ${subject.needs}`, ...tried].join('\n\n');
}

function MergeProof({ change, head }: { change: ChangeView | undefined; head: string }) {
  if (!change) return <Bone className="h-24" />;
  const check = change.checks.findLast((each) => each.commit === head);
  return (
    <>
      {change.head !== head && (
        <Notice look="warn" title="The branch has moved since this was asked">
          What you see below is the branch as it is now, not the commit this approval is about. Deciding on the old
          commit is refused.
        </Notice>
      )}
      <Section title="What would be merged">
        <Diff diff={change.diff} cut={change.diffCut} folded empty="The diff is empty." />
      </Section>
      {check && (
        <Section title="Test evidence">
          <CheckEvidencePanel check={check} />
        </Section>
      )}
    </>
  );
}

/** One decision on one screen: what is asked, what is known, what the agent says, and two buttons. */
export function ApprovalPage({ org, approvalId }: { org: string; approvalId: string }) {
  const trpc = useTRPC();
  const approval = useQuery(trpc.approvals.get.queryOptions({ org, approvalId })).data;
  const merge = approval?.subject.kind === 'merge' ? approval.subject : null;
  const change = useQuery(
    trpc.changes.get.queryOptions(merge ? { org, changeId: merge.changeId } : skipToken, slow(false)),
  ).data;
  const [wasPending] = useState(approval?.status === 'pending');
  useOrgChanges(org);
  if (!approval) return null;
  const pending = approval.status === 'pending';
  const quote = quoteOf(approval);
  return (
    <Page className="mx-auto max-w-3xl!">
      <Crumb label={kindTitles[approval.kind]} />
      <Head org={org} approval={approval} />
      {!pending && <Outcome org={org} approval={approval} fresh={wasPending} />}
      <ApprovalFacts approval={approval} change={change} />
      {quote && <AgentWords text={quote} />}
      <DefinitionChanges org={org} approval={approval} />
      {merge && <MergeProof change={change} head={merge.head} />}
      {pending &&
        (approval.mayDecide ? (
          <Decision org={org} approval={approval} />
        ) : (
          <Notice title="You cannot decide this">{approval.whyNot}</Notice>
        ))}
    </Page>
  );
}
