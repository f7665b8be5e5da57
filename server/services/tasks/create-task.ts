import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { AppError } from '../../domain/errors.ts';
import { requesterOf } from '../../domain/events/actor.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import type { Placing } from '../../domain/ports/placing.ts';
import { branchName } from '../../domain/tasks/branch-name.ts';
import { newTask, taskBudget, type NewTask } from '../../domain/tasks/new-task.ts';
import { readRule } from '../budgets/read-rule.ts';
import { whyNoKernel } from '../engines/kernel.ts';
import { isUniqueViolation } from '../orgs/is-unique-violation.ts';
import { refuseWhileGoing } from '../orgs/org-deletion.ts';
import type { ActorContext, ModelOffer } from '../pipeline/work-context.ts';
import { sendAfterCommit } from '../pipeline/send-after-commit.ts';
import { remoteOf } from '../repos/remote-of.ts';
import { whyNoModel } from '../settings/why-no-model.ts';
import { lockOrgStream } from './lock-org-stream.ts';

export type TaskRequest = NewTask & {
  source: 'ui' | 'api' | 'demo';
  /** Names the request: the same key from the same source makes one task, however often it is sent. */
  sourceKey: string;
};

type Context = ActorContext & { codeHost: CodeHost; offer: ModelOffer; placing: Placing };

/**
 * Files a task and starts its pipeline run. Throws `invalid_input`, `not_found`, `model_key_missing`, `conflict` (no
 * starter pipeline), `sandbox_unavailable` (the kernel is another org's), `repo_unreachable`, `repo_needs_credentials` or `repo_empty`; each message says what to do.
 */
export async function createTask(context: Context, request: TaskRequest): Promise<{ taskId: string }> {
  const { database, orgId, actor, bus, codeHost, offer } = context;
  const requesterId = requesterOf(actor);
  if (requesterId === null) throw new AppError('forbidden', 'Only a person or a service account can file a task.');
  const task = parse(request);
  const before = await findTask(context, request);
  if (before) return { taskId: before.id };

  const db = database.org(orgId);
  const repo = await db.repo.findUnique({ where: { orgId_id: { orgId, id: task.repoId } } });
  if (!repo) throw new AppError('not_found', 'There is no such repo in this org.');
  const pipeline = await db.pipelineVersion.findFirst({
    where: { orgId, name: 'change' },
    orderBy: { version: 'desc' },
  });
  if (!pipeline) throw new AppError('conflict', 'Nobody works here yet: take the starter agents first.');
  const asked = { repo, title: task.title, definition: pipeline.body };
  const why = await whyNoModel(db, { orgId, now: context.now, offer }, asked);
  if (why) throw new AppError('model_key_missing', why);
  const alone = await whyNoKernel(context);
  if (alone) throw new AppError('sandbox_unavailable', alone);
  const { defaultBranch } = repo;
  const budget = taskBudget(task.budget, await readRule(db, { orgId, dimension: 'task' }));
  const base = await codeHost.remoteHead({ ...remoteOf(repo), branch: defaultBranch });
  if (!base) {
    throw new AppError('repo_empty', `The remote has no branch ${defaultBranch}. Push a first commit, then try again.`);
  }
  try {
    const opened = await database.transaction(orgId, (tx) =>
      open(tx, context, { task, budget, request, requesterId, pipeline, base, defaultBranch }),
    );
    const { pipelineRunId } = opened;
    await sendAfterCommit(bus, [{ name: 'pipeline-run/advance-requested', data: { orgId, pipelineRunId } }]);
    return { taskId: opened.taskId };
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const made = await findTask(context, request);
    if (!made) throw error;
    return { taskId: made.id };
  }
}

function parse(request: TaskRequest): NewTask {
  const parsed = newTask.safeParse(request);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.join('.') ?? '';
  throw new AppError('invalid_input', `The task cannot be filed: ${where}: ${issue?.message ?? 'unknown'}.`);
}

async function findTask({ database, orgId }: Context, { source, sourceKey }: TaskRequest) {
  return database.org(orgId).task.findUnique({ where: { orgId_source_sourceKey: { orgId, source, sourceKey } } });
}

type Opening = {
  task: NewTask;
  budget: { seconds: number; micros: number };
  request: TaskRequest;
  requesterId: string;
  pipeline: { id: string; body: unknown };
  base: string;
  defaultBranch: string;
};

async function open(tx: OrgTx, context: Context, opening: Opening) {
  const { orgId, now, actor } = context;
  const { task, pipeline, base, budget } = opening;
  await lockOrgStream(tx, orgId);
  await refuseWhileGoing(tx, orgId);
  const ids = { taskId: newId('task'), pipelineRunId: newId('pipelineRun'), changeId: newId('change') };
  const number = await writeTask(tx, context, { ...opening, ...ids });
  await tx.pipelineRun.create({
    data: {
      orgId,
      id: ids.pipelineRunId,
      taskId: ids.taskId,
      pipelineVersionId: pipeline.id,
      definition: pipeline.body as object,
      status: 'queued',
      createdAt: now,
      updatedAt: now,
    },
  });
  const branch = branchName({ number, title: task.title });
  await writeChange(tx, context, { ...opening, ...ids, branch });
  const { taskId, pipelineRunId, changeId } = ids;
  const { title, repoId, scope } = task;
  const limits = { secondsLimit: budget.seconds, costLimitMicros: budget.micros };
  await appendOrgEvents(tx, {
    orgId,
    actor,
    at: now,
    events: [
      { kind: 'task.created', payload: { taskId, number, title, repoId, scope, ...limits } },
      { kind: 'pipeline-run.started', payload: { pipelineRunId, taskId, pipelineVersionId: pipeline.id } },
      { kind: 'change.opened', payload: { changeId, pipelineRunId, branch, base } },
    ],
  });
  return ids;
}

type Ids = { taskId: string; pipelineRunId: string; changeId: string };

/** Returns the task's number: the org's next one, under the lock that the caller holds. */
async function writeTask(
  tx: OrgTx,
  { orgId, now }: Context,
  { task: { budget: _asked, ...task }, budget, request, ...of }: Opening & Ids,
): Promise<number> {
  const last = await tx.task.findFirst({ where: { orgId }, orderBy: { number: 'desc' }, select: { number: true } });
  const number = (last?.number ?? 0) + 1;
  await tx.task.create({
    data: {
      orgId,
      id: of.taskId,
      number,
      ...task,
      source: request.source,
      sourceKey: request.sourceKey,
      requesterId: of.requesterId,
      secondsLimit: budget.seconds,
      costLimit: BigInt(budget.micros),
      createdAt: now,
    },
  });
  return number;
}

async function writeChange(
  tx: OrgTx,
  { orgId, now }: Context,
  { task, base, branch, defaultBranch, pipelineRunId, changeId }: Opening & Ids & { branch: string },
): Promise<void> {
  const last = await tx.change.findFirst({ where: { orgId }, orderBy: { number: 'desc' }, select: { number: true } });
  await tx.change.create({
    data: {
      orgId,
      id: changeId,
      number: (last?.number ?? 0) + 1,
      pipelineRunId,
      repoId: task.repoId,
      branch,
      target: defaultBranch,
      base,
      status: 'open',
      createdAt: now,
      updatedAt: now,
    },
  });
}
