import { isPipelineRunOver, pipelineRunStatuses } from '../../domain/pipeline/pipeline-state.ts';
import { endPipelineRun } from './end-pipeline-run.ts';
import type { WorkContext } from './work-context.ts';

const open = pipelineRunStatuses.filter((status) => !isPipelineRunOver(status));

/** Ends a pipeline run whose next step cannot be taken, with the reason for people. Does nothing when it is over. */
export async function breakPipelineRun(
  { database, orgId, now }: Omit<WorkContext, 'bus'>,
  { pipelineRunId, detail }: { pipelineRunId: string; detail: string },
): Promise<void> {
  await database.transaction(orgId, async (tx) => {
    const locked = await tx.pipelineRun.updateMany({
      where: { orgId, id: pipelineRunId, status: { in: open } },
      data: { updatedAt: now },
    });
    if (locked.count === 0) return;
    const outcome = { reason: 'internal_error' as const, detail };
    await endPipelineRun(tx, { orgId, now, pipelineRunId, status: 'failed', outcome });
  });
}
