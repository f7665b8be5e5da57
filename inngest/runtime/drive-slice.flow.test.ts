import { beforeAll, describe, expect, it } from 'vitest';
import type { RunEventPayload } from '../../server/domain/events/run-events.ts';
import { newId } from '../../server/db/new-id.ts';
import { readAllEvents } from '../../server/db/read-events.ts';
import { remoteOf } from '../../server/services/repos/remote-of.ts';
import {
  makeChange,
  makePipelineRun,
  makeRun,
  makeStageAttempt,
  makeStarters,
  makeTask,
  type TestOrg,
} from '../../server/testing/factories.ts';
import { advance } from './advance.ts';
import { driveSlice } from './drive-slice.ts';
import { flowRig, type FlowRig } from './testing/flow-rig.ts';
import { approve, developer, handoff, reviewer, shell } from './testing/stories.ts';
import type { Worker } from './worker.ts';

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
});

const works = developer(1, [shell('echo kept > kept.txt; sleep 1.5')], [shell('cat kept.txt')]);
const reads = reviewer('any', [shell('cat package.json; sleep 1.5')], [approve]);

/** A queued run that no engine knows of: the test drives its slices itself. */
async function queuedRun(role: 'developer' | 'code-reviewer' = 'developer', work = works) {
  const flow = await rig.flow([work, reads], { idle: true, sliceMs: 1_000 });
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

describe('a role that names what it may reach', () => {
  it('gives its runs a proxy, whose every answer is in the log before the result that it led to', async () => {
    const fetching = 'curl -s -o /dev/null -w "%{http_code}" http://refused.test/path?secret=1';
    const { db, orgId, runId, slice } = await queuedRun('developer', developer(1, [shell(fetching)]));
    const [version] = await db.roleVersion.findMany({ where: { orgId, role: { name: 'developer' } } });
    const body = { ...(version!.body as object), network: { registries: [], rules: [{ host: 'allowed.test' }] } };
    const next = { ...version!, id: newId('roleVersion'), version: 2, body };
    await db.roleVersion.create({ data: next });
    await db.run.updateMany({ where: { orgId, id: runId }, data: { roleVersionId: next.id } });
    await slice();
    const events = await readAllEvents(db, { orgId, kind: 'run', subject: runId });
    const kinds = events.map(({ kind }) => kind);
    expect(kinds.indexOf('network.requested')).toBe(kinds.indexOf('tool.finished') - 1);
    expect(events.find(({ kind }) => kind === 'network.requested')?.payload).toMatchObject({
      ...{ method: 'GET', host: 'refused.test', port: 80, path: '/path', allowed: false, refusal: 'no_rule' },
    });
    expect(events.find(({ kind }) => kind === 'tool.finished')?.payload).toMatchObject({ exitCode: 0 });
  });
});

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
    const sandboxes = { ...worker.sandboxes, for: (org: string) => ({ open: seen(worker.sandboxes.for(org).open) }) };
    await slice({ workspaces, sandboxes });
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

describe('a work tree of an agent that only reads', () => {
  it('is made anew, and everybody is told', async () => {
    const { worker, runId, slice, runRow, orgId, db } = await queuedRun('code-reviewer');
    while ((await runRow()).toolCalls === 0) expect(await slice()).toMatchObject({ again: true });
    await worker.workspaces.remove(runId);
    await slice();
    const events = await readAllEvents(db, { orgId, kind: 'run', subject: runId });
    const told = events.filter(({ kind }) => kind === 'message.added').map(({ payload }) => JSON.stringify(payload));
    expect(told).toEqual([expect.stringContaining('made anew from commit')]);
    expect(events.findIndex(({ kind }) => kind === 'message.added')).toBeLessThan(
      events.findLastIndex(({ kind }) => kind === 'model.called'),
    );
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

describe('the work tree of a turn', () => {
  it('is kept as the turn left it, whatever comes after', async () => {
    const story = developer(1, [shell('echo one > kept.txt')], [shell('echo two >> kept.txt; rm package.json')]);
    const { worker, db, orgId, runId, slice, runRow } = await queuedRun('developer', story);
    while ((await runRow()).endedAt === null) await slice();
    const events = await readAllEvents(db, { orgId, kind: 'run', subject: runId });
    const kept = events.flatMap(({ kind, payload }) =>
      kind === 'workspace.snapshotted' ? [payload as RunEventPayload<'workspace.snapshotted'>] : [],
    );
    expect(kept.map(({ turn }) => turn)).toEqual([1, 2]);
    const { id: mirror } = await db.repo.findFirstOrThrow({ where: { orgId } });
    const at = async (turn: number, path: string) => {
      const bytes = await worker.codeHost.fileAt({ mirror, commit: kept[turn - 1]!.commit, path });
      return bytes && Buffer.from(bytes).toString();
    };
    expect(await at(1, 'kept.txt')).toBe('one\n');
    expect(await at(1, 'package.json')).not.toBeNull();
    expect(await at(2, 'kept.txt')).toBe('one\ntwo\n');
    expect(await at(2, 'package.json')).toBeNull();
    expect(await worker.codeHost.snapshotRuns()).toEqual([{ mirror, runs: [runId] }]);
  });

  it('that cannot be kept is told to the operator and ends nothing', async () => {
    const { worker, reported, slice, runRow } = await queuedRun(
      'developer',
      developer(1, [shell('echo x > src/x')], [handoff('x')]),
    );
    const codeHost = { ...worker.codeHost, snapshot: async () => Promise.reject(new Error('no room')) };
    while ((await runRow()).endedAt === null) await slice({ codeHost });
    expect(await runRow()).toMatchObject({ status: 'succeeded' });
    expect(reported).toEqual([expect.objectContaining({ message: 'no room' })]);
  });
});
