'use client';

import { skipToken, useQuery } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { isRunOver } from '../../server/domain/runs/run-state.ts';
import type { RunView } from '../../server/domain/views/views.ts';
import { CheckEvidencePanel } from '../checks/check-evidence.tsx';
import { Diff } from '../diff/diff.tsx';
import { ReviewPanel } from '../changes/review-panel.tsx';
import { useTRPC } from '../trpc/context.ts';
import { slow } from '../trpc/use-org-changes.ts';
import { Bone } from '../ui/skeleton.tsx';
import { RunDetails } from './run-details.tsx';
import { RunFiles } from './run-files.tsx';
import { PlanList } from './plan-list.tsx';
import type { Timeline } from './timeline.ts';

export const panes = [
  { id: 'transcript', label: 'Transcript' },
  { id: 'plan', label: 'Plan' },
  { id: 'diff', label: 'Diff' },
  { id: 'files', label: 'Files' },
  { id: 'evidence', label: 'Evidence' },
  { id: 'details', label: 'Details' },
] as const;
export type Pane = (typeof panes)[number]['id'];

function DiffPane({ org, run }: { org: string; run: RunView }) {
  const trpc = useTRPC();
  const answer = useQuery(trpc.runs.diff.queryOptions({ org, runId: run.id }, slow(!isRunOver(run.status))));
  if (answer.isPending) return <Bone className="h-32" />;
  if (!answer.data) return <p className="text-sm text-ink-3">The diff cannot be shown now: {answer.error.message}</p>;
  const empty = isRunOver(run.status)
    ? 'This run made no commit.'
    : 'There is no commit yet. Until the agent hands over, its work is in the sandbox.';
  return <Diff diff={answer.data.diff} cut={answer.data.cut} empty={empty} />;
}

function EvidencePane({ org, run }: { org: string; run: RunView }) {
  const trpc = useTRPC();
  const { changeId } = run;
  const change = useQuery(trpc.changes.get.queryOptions(changeId ? { org, changeId } : skipToken, slow(true))).data;
  if (!change || (change.checks.length === 0 && change.reviews.length === 0)) {
    return (
      <p className="text-sm text-ink-3">
        Nothing has been checked yet. Fleet runs the tests itself after every hand-off.
      </p>
    );
  }
  return (
    <div className="flex flex-col gap-8">
      {change.checks.toReversed().map((check) => (
        <CheckEvidencePanel key={check.id} check={check} />
      ))}
      {change.reviews.toReversed().map((review) => (
        <ReviewPanel key={review.id} org={org} review={review} />
      ))}
    </div>
  );
}

/** The tabs beside the transcript; on a narrow screen the transcript is one of them. */
export function PaneTabs({ pane, onPane, narrow }: { pane: Pane; onPane: (pane: Pane) => void; narrow: boolean }) {
  const shown = panes.filter((each) => narrow || each.id !== 'transcript');
  return (
    <div
      role="group"
      aria-label="Parts of the run"
      className={clsx('flex shrink-0 gap-1 border-b border-line', narrow ? 'lg:hidden' : 'max-lg:hidden')}
    >
      {shown.map(({ id, label }) => (
        <button
          key={id}
          type="button"
          aria-pressed={pane === id}
          onClick={() => onPane(id)}
          className={clsx(
            '-mb-px h-9 border-b-2 px-2.5 text-sm max-sm:px-1.5 font-medium pointer-coarse:h-11',
            pane === id ? 'border-accent text-ink' : 'border-transparent text-ink-2 hover:text-ink',
          )}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

/** Later than every turn: the latest tree that was kept. */
const latestTurn = 2_147_483_647;

type Props = {
  org: string;
  run: RunView;
  timeline: Timeline;
  pane: Exclude<Pane, 'transcript'>;
  /** The turn under the scrubber; null where none is. */
  turn: number | null;
};

export function RunPane({ org, run, timeline, pane, turn }: Props) {
  if (pane === 'files') return <RunFiles org={org} runId={run.id} turn={turn ?? latestTurn} />;
  if (pane === 'diff') return <DiffPane org={org} run={run} />;
  if (pane === 'plan') return <PlanList items={timeline.plan} />;
  if (pane === 'evidence') return <EvidencePane org={org} run={run} />;
  return <RunDetails org={org} run={run} timeline={timeline} />;
}
