'use client';

import { useQuery } from '@tanstack/react-query';
import { isId } from '../../server/domain/ids.ts';
import type { TaskView } from '../../server/domain/views/views.ts';
import { BudgetAlerts } from '../budgets/budget-alerts.tsx';
import { Crumb } from '../frame/crumb.tsx';
import { Page } from '../frame/page.tsx';
import { NextLinks } from '../status/next-links.tsx';
import { StateMark } from '../status/state-mark.tsx';
import { runStates } from '../status/status.ts';
import { WaitsNote } from '../status/waits-note.tsx';
import { TaskEnvironment } from '../environment/task-environment.tsx';
import { useTRPC } from '../trpc/context.ts';
import { useOrgChanges } from '../trpc/use-org-changes.ts';
import { useRowKeys } from '../ui/row-keys.ts';
import { PageHeader, Section } from '../ui/section.tsx';
import { Pipeline } from './pipeline.tsx';
import { TaskFacts } from './task-facts.tsx';

function Actions({ org, run }: { org: string; run: TaskView['pipelineRun'] }) {
  const waiting = run.stages.findLast((stage) => stage.status === 'waiting' && stage.approvalId)?.approvalId;
  const asked = run.waits?.ref && isId('approval', run.waits.ref) ? run.waits.ref : null;
  return <NextLinks org={org} approvalId={waiting ?? asked} changeId={run.changeId} />;
}

/** One task: how far it is and why, then what was asked. */
export function TaskPage({ org, taskId }: { org: string; taskId: string }) {
  const trpc = useTRPC();
  const task = useQuery(trpc.tasks.get.queryOptions({ org, taskId })).data;
  useOrgChanges(org);
  useRowKeys();
  if (!task) return null;
  const { pipelineRun: run } = task;
  return (
    <Page>
      <Crumb label={`#${task.number}`} />
      <PageHeader
        title={
          <>
            <span className="figures text-ink-3">#{task.number}</span> {task.title}
          </>
        }
        sub={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1 pt-1">
            <StateMark state={runStates[run.status]} />
            <span className="min-w-0">{run.sentence}</span>
          </span>
        }
        actions={<Actions org={org} run={run} />}
      />
      <WaitsNote waits={run.waits} />
      <BudgetAlerts org={org} taskId={taskId} />
      <div className="grid gap-x-12 gap-y-10 lg:grid-cols-[minmax(0,1fr)_380px]">
        <div className="flex min-w-0 flex-col gap-8">
          <Section title="Pipeline" aside="Each stage proves itself before the next begins">
            <Pipeline org={org} run={run} />
          </Section>
          {task.environment && <TaskEnvironment org={org} check={task.environment} />}
        </div>
        <TaskFacts org={org} task={task} />
      </div>
    </Page>
  );
}
