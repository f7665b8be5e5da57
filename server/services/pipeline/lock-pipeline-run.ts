import type { OrgTx } from '../../db/connect.ts';

/**
 * The first lock of every transaction that moves a pipeline run or what hangs on it; the org's stream is the last. One
 * order for all, so that none waits for another in a ring.
 */
export async function lockPipelineRun(
  tx: OrgTx,
  { orgId, pipelineRunId }: { orgId: string; pipelineRunId: string },
): Promise<void> {
  await tx.pipelineRun.updateMany({ where: { orgId, id: pipelineRunId }, data: { id: pipelineRunId } });
}
