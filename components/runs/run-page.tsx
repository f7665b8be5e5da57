'use client';

import { useQuery } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { useCallback, useMemo, useState } from 'react';
import { isRunOver } from '../../server/domain/runs/run-state.ts';
import { Crumb } from '../frame/crumb.tsx';
import { useCan } from '../frame/use-org.ts';
import { Page } from '../frame/page.tsx';
import { useTRPC } from '../trpc/context.ts';
import { useRefreshOrg } from '../trpc/use-org-changes.ts';
import { useRowKeys } from '../ui/row-keys.ts';
import { RunHeader } from './run-header.tsx';
import { FindInRun } from './find-in-run.tsx';
import { PaneTabs, RunPane, type Pane } from './run-rail.tsx';
import { SteerRun } from './steer-run.tsx';
import { Transcript, Unseen } from './transcript.tsx';
import { TurnDiff } from './turn-diff.tsx';
import type { TurnActs } from './turn-menu.tsx';
import { useFollow } from './use-follow.ts';
import { useLiveText, useRunTimeline } from './use-run-timeline.ts';

/** What stands beside the transcript; with a turn, what that turn changed. */
function usePanes() {
  const [shown, setShown] = useState<{ pane: Pane; turn: number | null }>({ pane: 'transcript', turn: null });
  const show = useCallback((pane: Pane) => setShown({ pane, turn: null }), []);
  const showDiff = useCallback((turn: number) => setShown({ pane: 'diff', turn }), []);
  return { shown, show, showDiff };
}

/** One run, live: its story on the left, what it has made and what was proved on the right. */
export function RunPage({ org, runId }: { org: string; runId: string }) {
  const trpc = useTRPC();
  const refresh = useRefreshOrg();
  const run = useQuery(trpc.runs.get.queryOptions({ org, runId })).data;
  const ended = run !== undefined && isRunOver(run.status);
  const timeline = useRunTimeline({ org, runId, onNews: () => !ended && refresh() });
  const over = timeline.over || ended;
  const live = useLiveText(org, runId, !over);
  const follow = useFollow(timeline.items.length, !over);
  const { shown, show, showDiff } = usePanes();
  const maySteer = useCan(org, 'runs:steer');
  const mayRetry = maySteer && run?.mayBeRetried === true;
  const acts = useMemo((): TurnActs => ({ org, runId, mayRetry, showDiff }), [org, runId, mayRetry, showDiff]);
  useRowKeys();
  if (!run) return null;
  const { pane } = shown;
  const side = pane === 'transcript' ? 'diff' : pane;
  return (
    <Page wide className="lg:-mt-5 lg:-mb-10 lg:h-[calc(100dvh-3rem)] lg:flex-none lg:gap-0! lg:pt-5">
      <Crumb label={`#${run.taskNumber} ${run.stage}`} />
      <RunHeader org={org} run={run} />
      <div className="flex min-h-0 min-w-0 flex-1 flex-col gap-4 lg:mt-5 lg:grid lg:grid-cols-[minmax(0,1fr)_minmax(360px,36%)] lg:grid-rows-[minmax(0,1fr)] lg:gap-0 lg:border-t lg:border-line">
        <PaneTabs narrow pane={pane} onPane={show} />
        <div
          ref={follow.pane}
          className={clsx(
            'relative min-w-0 lg:overflow-y-auto lg:pr-6 lg:pb-10',
            pane !== 'transcript' && 'max-lg:hidden',
          )}
        >
          <FindInRun org={org} runId={runId} />
          <Transcript run={run} timeline={timeline} live={live} acts={acts} />
          {maySteer && !over && <SteerRun org={org} run={run} />}
          <Unseen count={follow.unseen} onClick={follow.toEnd} />
        </div>
        <aside
          aria-label="Result"
          className={clsx(
            'flex min-h-0 min-w-0 flex-col lg:border-l lg:border-line lg:pl-6',
            pane === 'transcript' && 'max-lg:hidden',
          )}
        >
          <PaneTabs narrow={false} pane={side} onPane={show} />
          <div className="relative min-h-0 flex-1 pt-3 lg:overflow-y-auto lg:pb-10">
            {shown.turn === null ? (
              <RunPane org={org} run={run} timeline={timeline} pane={side} />
            ) : (
              <TurnDiff org={org} runId={runId} turn={shown.turn} onWhole={() => show('diff')} />
            )}
          </div>
        </aside>
      </div>
    </Page>
  );
}
