import type { Database } from '../../db/connect.ts';
import { stageInput, type StageInput } from '../../domain/pipeline/stage-input.ts';
import { helperRole } from '../../domain/roles/helper-role.ts';
import { roleBody, type RoleBody } from '../../domain/roles/role-body.ts';

export type RunFile = Awaited<ReturnType<typeof readRunFile>>;

/** Everything about a run that its slice, its hand-off and its decision need, read once. */
export async function readRunFile(
  { database }: { database: Database },
  { orgId, runId }: { orgId: string; runId: string },
) {
  const run = await database.org(orgId).run.findUniqueOrThrow({
    where: { orgId_id: { orgId, id: runId } },
    include: {
      agent: true,
      roleVersion: { include: { role: true } },
      stageAttempt: { include: { pipelineRun: { include: { task: { include: { repo: true } }, change: true } } } },
    },
  });
  const { stageAttempt, agent, roleVersion } = run;
  const { pipelineRun } = stageAttempt;
  const { task, change } = pipelineRun;
  if (!change) throw new Error(`pipeline run ${pipelineRun.id} has no change`);
  const input: StageInput = stageInput.parse(stageAttempt.input);
  const ofVersion = roleBody.parse(roleVersion.body);
  const role: RoleBody = stageAttempt.parentRunId === null ? ofVersion : helperRole(ofVersion);
  return { run, agent, role, roleName: roleVersion.role.name, stageAttempt, input, task, repo: task.repo, change };
}
