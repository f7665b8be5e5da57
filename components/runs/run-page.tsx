'use client';

import { useQuery } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { useCallback, useMemo, useState, type ReactNode } from 'react';
import { isRunOver } from '../../server/domain/runs/run-state.ts';
import type { RunView } from '../../server/domain/views/views.ts';
import { Crumb } from '../frame/crumb.tsx';
import { useCan } from '../frame/use-org.ts';
import { Page } from '../frame/page.tsx';
import { useTRPC } from '../trpc/context.ts';
import { useRowKeys } from '../ui/row-keys.ts';
import { RunAxis } from './run-axis.tsx';
import type { Timeline } from './timeline.ts';
import { isAtEnd, turnAt, type RunLog } from './run-log.ts';
import { RunHeader } from './run-header.tsx';
import { FindInRun } from './find-in-run.tsx';
import { PaneTabs, RunPane, type Pane } from './run-rail.tsx';
import { SteerRun } from './steer-run.tsx';
import { Transcript, Unseen } from './transcript.tsx';
import { TurnDiff } from './turn-diff.tsx';
import type { TurnActs } from './turn-menu.tsx';
import { useLiveText } from './use-live-text.ts';
import { useRunMoment } from './use-run-moment.ts';

/** What stands beside the transcript; with a turn, what that turn changed. */
function usePanes() {
  const [shown, setShown] = useState<{ pane: Pane; turn: number | null }>({ pane: 'transcript', turn: null });
  const show = useCallback((pane: Pane) => setShown({ pane, turn: null }), []);
  const showDiff = useCallback((turn: number) => setShown({ pane: 'diff', turn }), []);
  return { shown, show, showDiff };
}

type Going = { jump: (seq: number) => void; show: (pane: Pane) => void };

/** What the menu of a turn does; the same object until something of it changes, so that no turn is drawn again. */
function useActs({ org, runId, mayRetry, showDiff }: Omit<TurnActs, 'showFiles'>, { jump, show }: Going): TurnActs {
  return useMemo(() => {
    const showFiles = (seq: number) => {
      jump(seq);
      show('files');
    };
    return { org, runId, mayRetry, showDiff, showFiles };
  }, [org, runId, mayRetry, showDiff, jump, show]);
}

/** One run, live: its story on the left, what it has made and what was proved on the right. */
export function RunPage({ org, runId }: { org: string; runId: string }) {
  const trpc = useTRPC();
  const run = useQuery(trpc.runs.get.queryOptions({ org, runId })).data;
  const ended = run !== undefined && isRunOver(run.status);
  const { held, over, follow, seq, target, jump, scrolled, setSize } = useRunMoment({ org, runId, run, ended });
  const live = useLiveText(org, runId, !over);
  const { shown, show, showDiff } = usePanes();
  const maySteer = useCan(org, 'runs:steer');
  const mayRetry = maySteer && run?.mayBeRetried === true;
  const acts = useActs({ org, runId, mayRetry, showDiff }, { jump, show });
  useRowKeys();
  if (!run) return null;
  const { pane } = shown;
  const { log } = held;
  const side = pane === 'transcript' ? 'diff' : pane;
  return (
    <Page wide className="lg:-mt-5 lg:-mb-10 lg:h-[calc(100dvh-3rem)] lg:flex-none lg:gap-0! lg:pt-5">
      <Crumb label={`#${run.taskNumber} ${run.stage}`} />
      <RunHeader org={org} run={run} />
      <div className="lg:mt-4">
        <RunAxis org={org} run={run} over={over} seq={seq} onJump={jump} />
      </div>
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
          <Transcript
            {...{ run, held, live, acts, target }}
            pane={follow.pane}
            onScrolled={scrolled}
            onSize={setSize}
          />
          {maySteer && !over && (
            // Below the last line of all, not of those that are held; what was typed stays.
            <div className={isLast(run, log) ? undefined : 'hidden'}>
              <SteerRun org={org} run={run} />
            </div>
          )}
          <Unseen count={follow.unseen} onClick={() => void held.toEnd().then(follow.toEnd)} />
        </div>
        <Side hidden={pane === 'transcript'}>
          <PaneTabs narrow={false} pane={side} onPane={show} />
          <div className="relative min-h-0 flex-1 pt-3 lg:overflow-y-auto lg:pb-10">
            {shown.turn === null ? (
              <RunPane org={org} run={run} timeline={log.facts} pane={side} turn={turnOf(log.shown, seq)} />
            ) : (
              <TurnDiff org={org} runId={runId} turn={shown.turn} onWhole={() => show('diff')} />
            )}
          </div>
        </Side>
      </div>
    </Page>
  );
}

/** Whether the end of what is held is the end of the run so far. */
const isLast = ({ status }: RunView, log: RunLog) => (log.events.length > 0 || status === 'queued') && isAtEnd(log);

/** The turn under the scrubber, 0 before the first; null where nothing was gone to or it is still being read. */
function turnOf(shown: Timeline, seq: number | null): number | null {
  if (seq === null) return null;
  const { items } = shown;
  return turnAt(shown, seq) ?? (items.length > 0 ? 0 : null);
}

function Side({ hidden, children }: { hidden: boolean; children: ReactNode }) {
  return (
    <aside
      aria-label="Result"
      className={clsx('flex min-h-0 min-w-0 flex-col lg:border-l lg:border-line lg:pl-6', hidden && 'max-lg:hidden')}
    >
      {children}
    </aside>
  );
}
