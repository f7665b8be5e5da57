import type { Metadata } from 'next';
import { TaskList } from '../../../../components/tasks/task-list.tsx';
import { prepared } from '../../../prepared.tsx';

export const metadata: Metadata = { title: 'Tasks' };

export default async function Page({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  return prepared(
    `/${org}/tasks`,
    (trpc, load) => [load(trpc.tasks.list.queryOptions({ org }))],
    <TaskList org={org} />,
  );
}
