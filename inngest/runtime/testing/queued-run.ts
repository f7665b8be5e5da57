import type { Part } from '../../../server/adapters/model/scripted/story.ts';
import { newId } from '../../../server/db/new-id.ts';
import { remoteOf } from '../../../server/services/repos/remote-of.ts';
import {
  makeChange,
  makePipelineRun,
  makeRun,
  makeStageAttempt,
  makeStarters,
  makeTask,
  type TestOrg,
} from '../../../server/testing/factories.ts';
import { driveSlice } from '../drive-slice.ts';
import type { Worker } from '../worker.ts';
import type { FlowOver, FlowRig } from './flow-rig.ts';

type Asked = { role?: 'developer' | 'code-reviewer'; parts: Part[]; over?: FlowOver };

/** A queued run that no engine knows of: the test drives its slices itself. */
export async function makeQueuedRun(rig: FlowRig, { role = 'developer', parts, over }: Asked) {
  const flow = await rig.flow(parts, { idle: true, sliceMs: 1_000, ...over });
  const { org, orgId, db, worker } = flow;
  const starters = await makeStarters(rig.database, org);
  const repo = await db.repo.findFirstOrThrow({ where: { orgId } });
  const { defaultBranch } = repo;
  const base = await worker.codeHost.sync({ mirror: repo.id, ...remoteOf(repo), defaultBranch });
  const { taskId } = await makeTask(org, { repoId: repo.id });
  const { pipelineRunId } = await makePipelineRun(org, { taskId, pipelineVersionId: starters.pipelineVersionId });
  const head = role === 'developer' ? null : base;
  const input = { cause: { from: 'order' }, base, head, start: base };
  const { stageAttemptId } = await makeStageAttempt(org, { pipelineRunId, input });
  const { changeId } = await makeChange(org, { pipelineRunId, repoId: repo.id, base });
  if (head) await passedCheck(org, { stageAttemptId, changeId, commit: head });
  const { agentId, roleVersionId } = starters.roles[role]!;
  const { runId } = await makeRun(org, starters, { stageAttemptId, agentId, roleVersionId });
  const slice = (over: Partial<Worker> = {}, lastTry = false) =>
    driveSlice({ ...worker, ...over }, { orgId, runId, lastTry });
  const runRow = () => db.run.findUniqueOrThrow({ where: { orgId_id: { orgId, id: runId } } });
  return { ...flow, runId, pipelineRunId, stageAttemptId, slice, runRow };
}

async function passedCheck(org: TestOrg, of: { stageAttemptId: string; changeId: string; commit: string }) {
  const none = { failing: [], newTests: [], removedTests: [], newlySkippedTests: [], tests: null, baseline: null };
  const ran = { command: 'npm test', exitCode: 0, durationMs: 1, outputTail: '' };
  const evidence = { commit: of.commit, base: of.commit, ...none, ...ran };
  const row = { orgId: org.orgId, id: newId('checkResult'), verdict: 'passed' as const, createdAt: new Date() };
  await org.db.checkResult.create({ data: { ...row, ...of, evidence } });
}
