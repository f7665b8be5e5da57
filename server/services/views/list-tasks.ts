import type { TaskListItemView } from '../../domain/views/views.ts';
import { namesOf } from './people.ts';
import { pipelineRunInclude } from './pipeline-run-row.ts';
import { pipelineRunSentence } from './pipeline-run-state.ts';
import type { ViewQuery } from './view-query.ts';

const shown = 200;

/** The latest tasks, newest first, each with the state of its last pipeline run. */
export async function listTasks({ db, system, orgId }: ViewQuery): Promise<TaskListItemView[]> {
  const tasks = await db.task.findMany({
    where: { orgId },
    include: {
      repo: { select: { name: true } },
      pipelineRuns: { include: pipelineRunInclude, orderBy: { createdAt: 'desc' }, take: 1 },
    },
    orderBy: { number: 'desc' },
    take: shown,
  });
  const nameOf = await namesOf(
    { system, db },
    tasks.map(({ requesterId }) => requesterId),
  );
  return tasks.map((task) => {
    const run = task.pipelineRuns[0];
    return {
      id: task.id,
      number: task.number,
      title: task.title,
      repo: task.repo.name,
      requester: nameOf(task.requesterId),
      createdAt: task.createdAt.toISOString(),
      status: run?.status ?? 'queued',
      sentence: run === undefined ? 'Waiting for a worker to start it' : pipelineRunSentence(run),
    };
  });
}
