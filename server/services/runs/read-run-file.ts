import type { Database } from '../../db/connect.ts';
import { readSettings } from '../../domain/agents/agent-settings.ts';
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
      revision: true,
      roleVersion: { include: { role: true } },
      stageAttempt: { include: { pipelineRun: { include: { task: { include: { repo: true } }, change: true } } } },
    },
  });
  const { stageAttempt, agent, revision, roleVersion } = run;
  const instructions = revision === null ? '' : readSettings(revision.body).instructions;
  const { pipelineRun } = stageAttempt;
  const { task, change } = pipelineRun;
  if (!change) throw new Error(`pipeline run ${pipelineRun.id} has no change`);
  const input: StageInput = stageInput.parse(stageAttempt.input);
  const ofVersion = roleBody.parse(roleVersion.body);
  const role: RoleBody = stageAttempt.parentRunId === null ? ofVersion : helperRole(ofVersion);
  const roleName = roleVersion.role.name;
  return { run, agent, instructions, role, roleName, stageAttempt, input, task, repo: task.repo, change };
}
