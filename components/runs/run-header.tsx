'use client';

import { Clapperboard } from 'lucide-react';
import Link from 'next/link';
import { memo, type ReactNode } from 'react';
import { isRunOver } from '../../server/domain/runs/run-state.ts';
import type { RunView } from '../../server/domain/views/views.ts';
import { TakeEvidence } from '../audit/take-evidence.tsx';
import { BudgetAlerts } from '../budgets/budget-alerts.tsx';
import { useCan } from '../frame/use-org.ts';
import { NextLinks } from '../status/next-links.tsx';
import { StateMark } from '../status/state-mark.tsx';
import { runStates } from '../status/status.ts';
import { WaitsNote } from '../status/waits-note.tsx';
import { count, duration, limit, money } from '../ui/format.ts';
import { Meter } from '../ui/meter.tsx';
import { PageHeader } from '../ui/section.tsx';
import { PauseRun } from './pause-run.tsx';
import { StopRun } from './stop-run.tsx';
import { useSecondsUsed } from './use-seconds-used.ts';

function Figure({ name, children, meter }: { name: string; children: ReactNode; meter?: ReactNode }) {
  return (
    <div className="flex min-w-28 flex-col gap-1">
      <dt className="text-xs text-ink-3">{name}</dt>
      <dd className="flex flex-col gap-1">
        <span className="figures text-sm whitespace-nowrap">{children}</span>
        {meter}
      </dd>
    </div>
  );
}

function Figures({ run }: { run: RunView }) {
  const seconds = useSecondsUsed(run);
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-3">
      <Figure name="Run time" meter={<Meter label="Run time used" used={seconds} limit={run.secondsLimit} />}>
        {duration(seconds)} <span className="text-ink-3">/ {limit(run.secondsLimit)}</span>
      </Figure>
      <Figure name="Cost" meter={<Meter label="Money used" used={run.costMicros} limit={run.costLimitMicros} />}>
        {money(run.costMicros)} <span className="text-ink-3">/ {money(run.costLimitMicros)}</span>
      </Figure>
      <Figure name="Turns">{count(run.turns)}</Figure>
      <Figure name="Tool calls">{count(run.toolCalls)}</Figure>
      <Figure name="Model">
        <span className="inline-flex items-center gap-1.5">
          {run.scripted && <Clapperboard aria-hidden className="size-3.5" />}
          {run.scripted ? 'scripted' : run.model}
        </span>
      </Figure>
    </dl>
  );
}

function Actions({ org, run }: { org: string; run: RunView }) {
  const mayStop = useCan(org, 'runs:stop');
  const maySteer = useCan(org, 'runs:steer');
  const mayTake = useCan(org, 'audit:verify');
  return (
    <>
      <NextLinks org={org} approvalId={run.status === 'waiting' ? run.approvalId : null} changeId={run.changeId} />
      {mayTake && <TakeEvidence org={org} of={{ what: 'run', id: run.id }} />}
      {maySteer && !isRunOver(run.status) && <PauseRun org={org} run={run} />}
      {mayStop && !isRunOver(run.status) && <StopRun org={org} runId={run.id} />}
    </>
  );
}

/** The runs that this one goes on from or helps, and that go on from it. */
function Relations({ org, run: { forkOf, retriedBy, helperOf } }: { org: string; run: RunView }) {
  if (!forkOf && !retriedBy && !helperOf) return null;
  return (
    <p className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-ink-2">
      {forkOf && (
        <Link
          href={`/${org}/runs/${forkOf.runId}`}
          className="text-accent hover:underline pointer-coarse:inline-flex pointer-coarse:min-h-11 pointer-coarse:items-center"
        >
          Goes on from turn {forkOf.turn} of an earlier run
        </Link>
      )}
      {helperOf && (
        <Link
          href={`/${org}/runs/${helperOf}`}
          className="text-accent hover:underline pointer-coarse:inline-flex pointer-coarse:min-h-11 pointer-coarse:items-center"
        >
          Helps another run
        </Link>
      )}
      {retriedBy && (
        <Link
          href={`/${org}/runs/${retriedBy}`}
          className="text-accent hover:underline pointer-coarse:inline-flex pointer-coarse:min-h-11 pointer-coarse:items-center"
        >
          Another run goes on from one of its turns
        </Link>
      )}
    </p>
  );
}

/** Which task, which agent, in what state and why, and what it has used. */
export const RunHeader = memo(function RunHeader({ org, run }: { org: string; run: RunView }) {
  return (
    <div className="flex shrink-0 flex-col gap-4">
      <PageHeader
        title={
          <Link href={`/${org}/tasks/${run.taskId}`} className="line-clamp-2 hover:text-accent">
            <span className="figures text-ink-3">#{run.taskNumber}</span> {run.taskTitle}
          </Link>
        }
        sub={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1 pt-1">
            <StateMark state={runStates[run.status]} />
            <span className="font-medium text-ink">{run.agent}</span>
            <span className="text-ink-3">
              {run.stage}, attempt {run.attempt}
            </span>
            <span className="min-w-0">
              {run.pause === 'asked' ? 'Pauses when the calls in the air have ended' : run.sentence}
            </span>
          </span>
        }
        actions={<Actions org={org} run={run} />}
      />
      <Relations org={org} run={run} />
      <WaitsNote waits={run.waits} />
      {!isRunOver(run.status) && <BudgetAlerts org={org} runId={run.id} />}
      <Figures run={run} />
    </div>
  );
});
