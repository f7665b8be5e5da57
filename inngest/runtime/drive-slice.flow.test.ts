import { beforeAll, describe, expect, it } from 'vitest';
import { remoteOf } from '../../server/services/repos/remote-of.ts';
import {
  makeChange,
  makePipelineRun,
  makeRun,
  makeStageAttempt,
  makeStarters,
  makeTask,
} from '../../server/testing/factories.ts';
import { advance } from './advance.ts';
import { driveSlice } from './drive-slice.ts';
import { flowRig, type FlowRig } from './testing/flow-rig.ts';
import { developer, shell } from './testing/stories.ts';
import type { Worker } from './worker.ts';

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
});

/** A developer's queued run that no engine knows of: the test drives its slices itself. */
async function queuedRun() {
  const flow = await rig.flow([developer(1, [shell('echo kept > kept.txt; sleep 1.5')], [shell('cat kept.txt')])], {
    idle: true,
    sliceMs: 1_000,
  });
  const { org, orgId, db, worker } = flow;
  const starters = await makeStarters(rig.database, org);
  const repo = await db.repo.findFirstOrThrow({ where: { orgId } });
  const { defaultBranch } = repo;
  const base = await worker.codeHost.sync({ mirror: repo.id, ...remoteOf(repo), defaultBranch });
  const { taskId } = await makeTask(org, { repoId: repo.id });
  const { pipelineRunId } = await makePipelineRun(org, { taskId, pipelineVersionId: starters.pipelineVersionId });
  const input = { cause: { from: 'order' }, base, head: null, start: base };
  const { stageAttemptId } = await makeStageAttempt(org, { pipelineRunId, input });
  await makeChange(org, { pipelineRunId, repoId: repo.id, base });
  const { runId } = await makeRun(org, starters, { stageAttemptId });
  const slice = (over: Partial<Worker> = {}, lastTry = false) =>
    driveSlice({ ...worker, ...over }, { orgId, runId, lastTry });
  const runRow = () => db.run.findUniqueOrThrow({ where: { orgId_id: { orgId, id: runId } } });
  return { ...flow, runId, pipelineRunId, stageAttemptId, slice, runRow };
}

describe('a run stopped before its slice', () => {
  it('opens neither work tree nor sandbox', async () => {
    const { worker, stop, runId, slice, runRow } = await queuedRun();
    await stop(runId);
    const opened: string[] = [];
    const seen = <A extends { id: string }, B>(open: (of: A) => Promise<B>) => {
      return (of: A) => {
        opened.push(of.id);
        return open(of);
      };
    };
    const workspaces = { ...worker.workspaces, keep: seen(worker.workspaces.keep) };
    await slice({ workspaces, sandboxes: { ...worker.sandboxes, open: seen(worker.sandboxes.open) } });
    expect(opened).toEqual([]);
    expect(await runRow()).toMatchObject({ status: 'stopped', outcome: { reason: 'stopped_by_person' } });
  });
});

describe('a run that cannot be read', () => {
  it('is given back and told to the operator, and ended at the last try', async () => {
    const { db, orgId, reported, stageAttemptId, slice, runRow } = await queuedRun();
    await db.stageAttempt.updateMany({ where: { orgId, id: stageAttemptId }, data: { input: {} } });
    await expect(slice()).rejects.toThrow();
    expect(reported).toHaveLength(1);
    expect(await runRow()).toMatchObject({ status: 'queued', leaseOwner: null });
    await slice({}, true);
    expect(await runRow()).toMatchObject({ status: 'failed', outcome: { reason: 'internal_error' } });
  });
});

describe('a work tree that is gone', () => {
  it('is not made anew behind the agent’s back', async () => {
    const { worker, runId, slice, runRow } = await queuedRun();
    while ((await runRow()).toolCalls === 0) expect(await slice()).toMatchObject({ again: true });
    await worker.workspaces.remove(runId);
    expect(await slice()).toMatchObject({ again: false });
    expect(await runRow()).toMatchObject({ status: 'failed', outcome: { reason: 'sandbox_lost' } });
  });
});

describe('a pipeline run whose step cannot be taken', () => {
  it('is told to the operator, and at the last try to people', async () => {
    const { worker, orgId, db, pipelineRunId, stageAttemptId, reported, row } = await queuedRun();
    await db.stageAttempt.updateMany({ where: { orgId, id: stageAttemptId }, data: { input: {} } });
    const step = (lastTry: boolean) => advance(worker, { orgId, pipelineRunId, lastTry });
    await expect(step(false)).rejects.toThrow();
    expect(reported).toHaveLength(1);
    expect(await row(pipelineRunId)).toMatchObject({ status: 'running' });
    await step(true);
    expect(await row(pipelineRunId)).toMatchObject({ status: 'failed', outcome: { reason: 'internal_error' } });
  });
});
