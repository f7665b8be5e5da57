import type { Metadata } from 'next';
import { TaskPage } from '../../../../../components/tasks/task-page.tsx';
import { prepared } from '../../../../prepared.tsx';

export const metadata: Metadata = { title: 'Task' };

export default async function Page({ params }: { params: Promise<{ org: string; taskId: string }> }) {
  const { org, taskId } = await params;
  return prepared(
    `/${org}/tasks/${taskId}`,
    (trpc, load) => [load(trpc.tasks.get.queryOptions({ org, taskId }))],
    <TaskPage org={org} taskId={taskId} />,
  );
}
