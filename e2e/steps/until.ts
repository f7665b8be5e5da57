import { expect } from '@playwright/test';
import type { FleetClient } from '../../cli/demo/client.ts';
import type { ApprovalView, RunView, TaskView } from '../../server/domain/views/views.ts';

/** Asks again until the answer holds, and returns it. Fails with `what` after 100 seconds. */
export async function until<T>(what: string, ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  const last: { answer?: T } = {};
  const look = async () => holds((last.answer = await ask()));
  await expect.poll(look, { message: what, timeout: 100_000, intervals: [200] }).toBe(true);
  return last.answer as T;
}

type Task = { client: FleetClient; org: string; taskId: string };

export function untilTask({ client, org, taskId }: Task, what: string, holds: (task: TaskView) => boolean) {
  return until(what, () => client.tasks.get.query({ org, taskId }), holds);
}

/** The task's pending approval of this kind, once it is asked. */
export async function untilAsked({ client, org, taskId }: Task, kind: ApprovalView['kind']): Promise<ApprovalView> {
  const ask = () => client.approvals.list.query({ org, status: 'pending' });
  const mine = (approval: ApprovalView) => approval.taskId === taskId && approval.kind === kind;
  const pending = await until(`a pending ${kind} approval`, ask, (approvals) => approvals.some(mine));
  return pending.find(mine)!;
}

/** The id of the task's first run of this stage, once it has started. */
export async function untilRun(task: Task, stage: string): Promise<string> {
  const found = (view: TaskView) => view.pipelineRun.stages.find((each) => each.stage === stage && each.runId !== null);
  const view = await untilTask(task, `a run of ${stage}`, (each) => found(each) !== undefined);
  return found(view)!.runId!;
}

export function untilRunIs({ client, org }: Task, runId: string, status: RunView['status']): Promise<RunView> {
  return until(
    `the run is ${status}`,
    () => client.runs.get.query({ org, runId }),
    (run) => run.status === status,
  );
}
