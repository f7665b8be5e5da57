import { z } from 'zod';
import { AppError } from '../../domain/errors.ts';
import { pipelineDefinition } from '../../domain/pipeline/definition.ts';
import type { EnvironmentCheckView } from '../../domain/views/repo-views.ts';
import type { TaskView } from '../../domain/views/views.ts';
import { repoView } from '../repos/repo-view.ts';
import { environmentView } from './environment-view.ts';
import { namesOf } from './people.ts';
import { pipelineRunInclude, spendOf, waitsOf, type PipelineRunRow } from './pipeline-run-row.ts';
import { pipelineRunSentence, stageView } from './pipeline-run-state.ts';
import type { ViewQuery } from './view-query.ts';

/** One task with its last pipeline run. Throws `not_found`. */
export async function getTask(
  { db, system, orgId, now }: ViewQuery,
  { taskId }: { taskId: string },
): Promise<TaskView> {
  const task = await db.task.findUnique({
    where: { orgId_id: { orgId, id: taskId } },
    include: { repo: true, pipelineRuns: { include: pipelineRunInclude, orderBy: { createdAt: 'desc' }, take: 1 } },
  });
  const row = task?.pipelineRuns[0];
  if (task === null || row === undefined) throw new AppError('not_found', 'There is no such task in this org.');
  const nameOf = await namesOf({ system, db }, [task.requesterId]);
  return {
    id: task.id,
    number: task.number,
    title: task.title,
    body: task.body,
    acceptance: task.acceptance,
    scope: task.scope,
    repo: repoView(task.repo),
    environment: await environmentOf({ db, orgId, now }, { pipelineRunId: row.id, repo: task.repo }),
    requester: nameOf(task.requesterId),
    createdAt: task.createdAt.toISOString(),
    pipelineRun: pipelineRunView(row),
  };
}

type Prepared = { pipelineRunId: string; repo: { testCommand: string; setup: unknown } };

/** The check of the environment that the pipeline run's last preparation stood on. */
async function environmentOf(
  { db, orgId, now }: Pick<ViewQuery, 'db' | 'orgId' | 'now'>,
  { pipelineRunId, repo }: Prepared,
): Promise<EnvironmentCheckView | null> {
  const checks = await db.checkResult.findMany({
    where: { orgId, stageAttempt: { pipelineRunId } },
    orderBy: { id: 'desc' },
    select: { evidence: true },
  });
  const prepared = checks.map(({ evidence }) => standsOn.safeParse(evidence)).find(({ success }) => success);
  if (!prepared?.success) return null;
  const where = { orgId_id: { orgId, id: prepared.data.environmentCheckId } };
  const row = await db.environmentCheck.findUnique({ where });
  return row && environmentView(row, { repo, now });
}

const standsOn = z.object({ environmentCheckId: z.string() });

function pipelineRunView(row: PipelineRunRow): TaskView['pipelineRun'] {
  return {
    id: row.id,
    status: row.status,
    sentence: pipelineRunSentence(row),
    waits: waitsOf(row),
    stages: row.attempts.map((attempt) => stageView(attempt, row)),
    plannedStages: pipelineDefinition.parse(row.definition).stages.map(({ name }) => name),
    changeId: row.change?.id ?? null,
    ...spendOf(row),
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}
