import type { OrgTx } from '../../db/connect.ts';

/**
 * The first lock of every transaction that moves a pipeline run or what hangs on it. One order for all, so that none
 * waits for another in a ring: rows of agent and org, pipeline run, run, its stream, accounts by their ids, the org's stream.
 */
export async function lockPipelineRun(
  tx: OrgTx,
  { orgId, pipelineRunId }: { orgId: string; pipelineRunId: string },
): Promise<void> {
  await tx.pipelineRun.updateMany({ where: { orgId, id: pipelineRunId }, data: { id: pipelineRunId } });
}
