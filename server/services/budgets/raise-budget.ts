import type { OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { checkRaise } from '../../domain/budget/amounts.ts';
import { AppError } from '../../domain/errors.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import { isRunOver } from '../../domain/runs/run-state.ts';
import { lockRun } from '../runs/lock-run.ts';

export type Raise = {
  orgId: string;
  now: Date;
  runId: string;
  addMicros: number;
  addSeconds: number;
};

/**
 * Adds to what a run may use, and to its task's budget what that does not cover; the budgets of agent, repo and org stay
 * as they are and go on limiting it. The run sees it with its next slice. Runs inside the caller's transaction and returns
 * what that is to tell the org last. Throws `conflict` when the run is over, `invalid_input` for amounts that are none.
 */
export async function raiseBudget(tx: OrgTx, raise: Raise): Promise<OrgEvent> {
  const { orgId, now, runId, addMicros, addSeconds } = raise;
  checkRaise(raise);
  await lockRun(tx, { orgId, runId });
  const run = await tx.run.findUniqueOrThrow({
    where: { orgId_id: { orgId, id: runId } },
    include: { stageAttempt: { include: { pipelineRun: { include: { task: true } } } } },
  });
  if (isRunOver(run.status)) throw new AppError('conflict', 'This run is over: its budget can no longer be raised.');
  const { task } = run.stageAttempt.pipelineRun;
  const add = { micros: BigInt(addMicros), millis: BigInt(addSeconds) * 1_000n };
  const account = (dimension: 'run' | 'task', subject: string) =>
    tx.budget.findFirst({ where: { orgId, dimension, subject, period: 'total' } });
  const accounts = [await account('run', runId), await account('task', task.id)];
  // In the order of their ids, as every movement takes them.
  const open = accounts.filter((each) => each !== null).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  for (const { id } of open) {
    await tx.budget.updateMany({
      where: { orgId, id },
      data: { microsLimit: { increment: add.micros }, millisLimit: { increment: add.millis }, warned: 0 },
    });
  }
  const grown = { secondsLimit: { increment: addSeconds }, costLimit: { increment: add.micros } };
  await tx.run.updateMany({ where: { orgId, id: runId }, data: grown });
  await tx.task.updateMany({ where: { orgId, id: task.id }, data: grown });
  await tx.budgetEntry.create({
    data: {
      orgId,
      id: newId('budgetEntry'),
      runId,
      kind: 'raise',
      budgets: open.map(({ id }) => id),
      ...{ reserved: 0n, micros: add.micros, tokens: 0n, millis: add.millis },
      at: now,
    },
  });
  return { kind: 'budget.raised', payload: { runId, addMicros, addSeconds } };
}
