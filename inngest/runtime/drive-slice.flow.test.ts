import { beforeAll, describe, expect, it } from 'vitest';
import type { RunEventPayload } from '../../server/domain/events/run-events.ts';
import { readAllEvents } from '../../server/db/read-events.ts';
import { advance } from './advance.ts';
import { flowRig, type FlowRig } from './testing/flow-rig.ts';
import { makeQueuedRun } from './testing/queued-run.ts';
import { approve, developer, handoff, reviewer, shell } from './testing/stories.ts';

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
});

const works = developer(1, [shell('echo kept > src/kept.txt; sleep 1.5')], [shell('cat src/kept.txt')]);
const reads = reviewer('any', [shell('cat package.json; sleep 1.5')], [approve]);

const queuedRun = (role: 'developer' | 'code-reviewer' = 'developer', work = works) =>
  makeQueuedRun(rig, { role, parts: [work, reads] });

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

describe.each(['work tree', 'sandbox'] as const)('a run that reaches its limit while its %s is made', (what) => {
  it('is stopped then, and lets go of what comes too late', async () => {
    const { worker, runId, orgId, db, slice, runRow } = await queuedRun();
    await db.run.updateMany({ where: { orgId, id: runId }, data: { secondsLimit: 1 } });
    const gate = Promise.withResolvers<void>();
    const letGo = Promise.withResolvers<void>();
    const { workspaces, sandboxes } = worker;
    const slow: Partial<typeof worker> = {
      workspaces: {
        ...workspaces,
        async keep(request) {
          if (what === 'work tree') await gate.promise;
          return workspaces.keep(request);
        },
        rest: (id) => workspaces.rest(id).finally(letGo.resolve),
      },
      sandboxes: {
        ...sandboxes,
        for: (org) => ({
          async open(spec) {
            if (what === 'sandbox') await gate.promise;
            return sandboxes.for(org).open(spec);
          },
        }),
      },
    };
    expect(await slice(slow)).toMatchObject({ again: false });
    const row = await runRow();
    expect(row).toMatchObject({ status: 'failed', outcome: { reason: 'run_time_exhausted' }, turns: 0 });
    expect(Number(row.millisUsed)).toBeGreaterThanOrEqual(1_000);
    gate.resolve();
    await letGo.promise;
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
    const story = developer(1, [shell('echo one > src/kept.txt')], [shell('echo two >> src/kept.txt; rm src/sum.js')]);
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
    expect(await at(1, 'src/kept.txt')).toBe('one\n');
    expect(await at(1, 'src/sum.js')).not.toBeNull();
    expect(await at(2, 'src/kept.txt')).toBe('one\ntwo\n');
    expect(await at(2, 'src/sum.js')).toBeNull();
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
