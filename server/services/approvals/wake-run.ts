import type { BusEvent } from '../../../inngest/bus/events.ts';
import type { OrgTx } from '../../db/connect.ts';
import { Prisma } from '../../db/generated/client.ts';

/** Queues the run that waited for an answer, and with it its stage and pipeline run. */
export async function wakeRun(
  tx: OrgTx,
  { orgId, runId, now }: { orgId: string; runId: string; now: Date },
): Promise<BusEvent[]> {
  const woken = await tx.run.updateMany({
    where: { orgId, id: runId, status: 'waiting' },
    data: { status: 'queued', waits: Prisma.DbNull },
  });
  // Not waiting yet: the slice that asked sees the decision when it goes to sleep.
  if (woken.count === 0) return [];
  const { stageAttempt } = await tx.run.findUniqueOrThrow({
    where: { orgId_id: { orgId, id: runId } },
    include: { stageAttempt: true },
  });
  await tx.stageAttempt.updateMany({
    where: { orgId, id: stageAttempt.id, status: 'waiting' },
    data: { status: 'queued' },
  });
  await tx.pipelineRun.updateMany({
    where: { orgId, id: stageAttempt.pipelineRunId, status: 'waiting' },
    data: { status: 'running', waits: Prisma.DbNull, updatedAt: now },
  });
  return [{ name: 'run/slice-requested', data: { orgId, runId } }];
}
