import type { OrgTx } from '../../db/connect.ts';

/** The run's row lock: after the pipeline run's, before its stream. What is read after it stays so until the commit. */
export async function lockRun(tx: OrgTx, { orgId, runId }: { orgId: string; runId: string }): Promise<number> {
  const locked = await tx.run.updateMany({ where: { orgId, id: runId }, data: { leaseGeneration: { increment: 0 } } });
  return locked.count;
}
