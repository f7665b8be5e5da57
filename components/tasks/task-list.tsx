'use client';

import { useQuery } from '@tanstack/react-query';
import { ListTodo } from 'lucide-react';
import { Page } from '../frame/page.tsx';
import { StateMark } from '../status/state-mark.tsx';
import { runStates } from '../status/status.ts';
import { useTRPC } from '../trpc/context.ts';
import { useOrgChanges } from '../trpc/use-org-changes.ts';
import { Empty } from '../ui/empty.tsx';
import { useHeldLayout } from '../ui/held-order.ts';
import { Queued } from '../ui/queued.tsx';
import { useRowKeys } from '../ui/row-keys.ts';
import { Cell, Row, RowList } from '../ui/row-list.tsx';
import { PageHeader } from '../ui/section.tsx';
import { Ago } from '../ui/time.tsx';
import { NewTaskLink } from './new-task-link.tsx';

/** Every task of the org, the newest first. */
export function TaskList({ org }: { org: string }) {
  const trpc = useTRPC();
  const tasks = useQuery(trpc.tasks.list.queryOptions({ org })).data ?? [];
  const held = useHeldLayout({ all: tasks.map((task) => task.id) });
  const byId = new Map(tasks.map((task) => [task.id, task]));
  useOrgChanges(org);
  useRowKeys();
  const newTask = <NewTaskLink org={org} />;
  return (
    <Page>
      <PageHeader title="Tasks" actions={tasks.length > 0 && newTask} />
      {tasks.length === 0 ? (
        <Empty icon={ListTodo} title="No task has been filed yet" action={newTask}>
          A task is one thing you want changed in a repo, with the points by which you will judge it.
        </Empty>
      ) : (
        <div {...held.hover} className="flex flex-col gap-3 border-t border-line pt-3">
          <Queued moves={held.moves} onApply={held.apply} />
          <RowList label="Tasks">
            {(held.layout.all ?? [])
              .flatMap((id) => byId.get(id) ?? [])
              .map((task) => (
                <Row
                  key={task.id}
                  href={`/${org}/tasks/${task.id}`}
                  lead={`#${task.number}`}
                  title={task.title}
                  sub={task.sentence}
                  end={
                    <>
                      <Cell>{task.repo}</Cell>
                      <Cell>{task.requester}</Cell>
                      <Ago at={task.createdAt} />
                      <StateMark state={runStates[task.status]} />
                    </>
                  }
                />
              ))}
          </RowList>
        </div>
      )}
    </Page>
  );
}
