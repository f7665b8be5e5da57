import { stageInput, type StageInput } from '../../domain/pipeline/stage-input.ts';
import type { HostContext } from '../pipeline/work-context.ts';

export type CheckFile = NonNullable<Awaited<ReturnType<typeof readCheckFile>>>;

/** What a check or merge attempt works on; null when there is no such attempt. */
export async function readCheckFile({ database, orgId }: Pick<HostContext, 'database' | 'orgId'>, id: string) {
  const attempt = await database.org(orgId).stageAttempt.findUnique({
    where: { orgId_id: { orgId, id } },
    include: { pipelineRun: { include: { task: { include: { repo: true } }, change: true } } },
  });
  const change = attempt?.pipelineRun.change;
  if (!attempt || !change) return null;
  const input: StageInput = stageInput.parse(attempt.input);
  return { attempt, change, input, repo: attempt.pipelineRun.task.repo };
}
