import { readListPrices } from '../../server/db/list-prices.ts';
import { AppError } from '../../server/domain/errors.ts';
import { advancePipelineRun } from '../../server/services/pipeline/advance-pipeline-run.ts';
import { breakPipelineRun } from '../../server/services/pipeline/break-pipeline-run.ts';
import type { Worker } from './worker.ts';

/**
 * One step of a pipeline run; of one that is over, the work trees are removed. An error is told to the operator and thrown
 * for the engine to try again; at the last try the pipeline run ends, saying so.
 */
export async function advance(
  worker: Worker,
  { orgId, pipelineRunId, lastTry }: { orgId: string; pipelineRunId: string; lastTry: boolean },
): Promise<void> {
  const { database, bus, clock, models } = worker;
  try {
    const offer = { environmentKey: models.environmentKey, listPrices: await readListPrices(database) };
    const { over } = await advancePipelineRun(
      { database, orgId, now: await database.time(), bus, offer },
      { pipelineRunId },
    );
    if (over) await removeWorkTrees(worker, { orgId, pipelineRunId });
  } catch (error) {
    worker.report(error, `pipeline run ${pipelineRunId}`);
    if (!lastTry) throw error;
    const words = error instanceof AppError ? error.message : 'Something went wrong inside Fleet; its log says what.';
    await breakPipelineRun({ database, orgId, now: clock.now() }, { pipelineRunId, detail: words });
  }
}

async function removeWorkTrees(
  { database, workspaces }: Worker,
  { orgId, pipelineRunId }: { orgId: string; pipelineRunId: string },
): Promise<void> {
  const runs = await database.org(orgId).run.findMany({
    where: { orgId, stageAttempt: { pipelineRunId } },
    select: { id: true },
  });
  for (const { id } of runs) await workspaces.remove(id);
  await workspaces.collect();
}
