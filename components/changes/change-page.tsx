'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import type { ChangeView } from '../../server/domain/views/views.ts';
import { TakeEvidence } from '../audit/take-evidence.tsx';
import { CheckEvidencePanel } from '../checks/check-evidence.tsx';
import { Diff } from '../diff/diff.tsx';
import { Plusminus } from '../diff/file-diff.tsx';
import { Crumb } from '../frame/crumb.tsx';
import { useCan } from '../frame/use-org.ts';
import { Page } from '../frame/page.tsx';
import { StateMark } from '../status/state-mark.tsx';
import { changeStates } from '../status/status.ts';
import { useTRPC } from '../trpc/context.ts';
import { slow, useOrgChanges } from '../trpc/use-org-changes.ts';
import { Copyable } from '../ui/copy.tsx';
import { plural } from '../ui/format.ts';
import { PageHeader, Section } from '../ui/section.tsx';
import { ApprovalLines } from './approval-lines.tsx';
import { MergeBox } from './merge-box.tsx';
import { ReviewPanel } from './review-panel.tsx';

function Under({ org, change }: { org: string; change: ChangeView }) {
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1 pt-1 text-sm">
      <StateMark state={changeStates[change.status]} />
      <Link href={`/${org}/tasks/${change.taskId}`} className="hover:text-accent">
        Task <span className="figures">#{change.taskNumber}</span>
      </Link>
      <span className="min-w-0 font-mono text-ink-2">
        {change.repo}: {change.branch} → {change.target}
      </span>
      <span className="inline-flex gap-3">
        {plural(change.files, 'file')} <Plusminus added={change.added} removed={change.removed} />
      </span>
      {change.head && <Copyable value={change.head} what="head commit" />}
    </span>
  );
}

function Evidence({ change }: { change: ChangeView }) {
  const onHead = change.checks.filter((check) => check.commit === change.head);
  const older = change.checks.filter((check) => check.commit !== change.head);
  return (
    <>
      {onHead.length === 0 && <p className="text-sm text-ink-2">This commit has not been checked yet.</p>}
      {onHead.map((check) => (
        <CheckEvidencePanel key={check.id} check={check} />
      ))}
      {older.length > 0 && (
        <details>
          <summary className="list-none text-sm font-medium text-accent">
            {plural(older.length, 'check')} of earlier commits
          </summary>
          <div className="flex flex-col gap-8 pt-4">
            {older.toReversed().map((check) => (
              <CheckEvidencePanel key={check.id} check={check} />
            ))}
          </div>
        </details>
      )}
    </>
  );
}

/** One change: what the platform proved, what agents judged, what people decided, and then the diff. */
export function ChangePage({ org, changeId }: { org: string; changeId: string }) {
  const trpc = useTRPC();
  const change = useQuery(
    trpc.changes.get.queryOptions(
      { org, changeId },
      { ...slow(true), refetchInterval: ({ state }) => (state.data?.status === 'open' ? 15_000 : false) },
    ),
  ).data;
  const mayTake = useCan(org, 'audit:verify');
  useOrgChanges(org);
  if (!change) return null;
  return (
    <Page>
      <Crumb label={`#${change.number}`} />
      <PageHeader
        title={change.title}
        sub={<Under org={org} change={change} />}
        actions={mayTake && <TakeEvidence org={org} of={{ what: 'change', id: change.id }} />}
      />
      <div className="grid gap-x-12 gap-y-10 lg:grid-cols-[minmax(0,1fr)_340px]">
        <Section
          title="Evidence"
          aside="Run by Fleet, on this exact commit, in a clean sandbox"
          className="lg:col-start-1"
        >
          <Evidence change={change} />
        </Section>
        <div className="flex min-w-0 flex-col gap-10 lg:col-start-2 lg:row-span-3 lg:row-start-1">
          <Section title="Merge">
            <MergeBox org={org} change={change} />
          </Section>
          <Section title="Approvals">
            <ApprovalLines org={org} approvals={change.approvals} />
          </Section>
        </div>
        <Section title="Reviews" aside="By agents that cannot write" className="lg:col-start-1">
          {change.reviews.length === 0 && <p className="text-sm text-ink-2">Nobody has reviewed it yet.</p>}
          <div className="flex flex-col gap-8">
            {change.reviews.toReversed().map((review) => (
              <ReviewPanel key={review.id} org={org} review={review} />
            ))}
          </div>
        </Section>
        <Section title="Diff" className="lg:col-start-1">
          <Diff diff={change.diff} cut={change.diffCut} empty="There is no commit yet." />
        </Section>
      </div>
    </Page>
  );
}
