import { beforeAll, describe, expect, it } from 'vitest';
import { readListPrices } from '../../server/db/list-prices.ts';
import { readAllEvents } from '../../server/db/read-events.ts';
import type { RunEvent } from '../../server/domain/events/run-events.ts';
import { getRun } from '../../server/services/views/get-run.ts';
import { getTurnDiff } from '../../server/services/views/get-turn-diff.ts';
import { pauseRun } from '../../server/services/runs/steer-run.ts';
import { retryRun } from '../../server/services/runs/retry-run.ts';
import { flowRig, type Flow, type FlowRig } from './testing/flow-rig.ts';
import { approves, create, developer, doubleTest, handoff, shell } from './testing/stories.ts';

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
});

const files = [
  create('src/double.js', 'export const double = (n) => n * 2;\n'),
  create('test/double.test.js', doubleTest()),
];

const logOf = async ({ db, orgId }: Flow, runId: string) =>
  (await readAllEvents(db, { orgId, kind: 'run', subject: runId })) as RunEvent[];
const firstRun = (flow: Flow) => flow.db.run.findFirstOrThrow({ where: { orgId: flow.orgId }, orderBy: { id: 'asc' } });
const retry = async (flow: Flow, of: { runId: string; turn: number; note?: string }) => {
  const offer = { environmentKey: true, listPrices: await readListPrices(rig.database) };
  return retryRun({ ...flow.by(), offer }, { note: '', ...of });
};
const looking = ({ db, orgId, org }: Flow) => {
  const viewer = { userId: org.owner.userId, role: 'owner' as const };
  return { db, orgId, viewer, system: rig.database.system, now: new Date() };
};
const fileIn = async (flow: Flow, commit: string, path: string) => {
  const { id: mirror } = await flow.db.repo.findFirstOrThrow({ where: { orgId: flow.orgId } });
  const bytes = await flow.worker.codeHost.fileAt({ mirror, commit, path });
  return bytes && Buffer.from(bytes).toString();
};

describe('a run that failed', () => {
  it('is gone on from a turn: with its conversation and its files, and up to the merge', async () => {
    // The turn after the files spoils them, and hands nothing over: a person goes back to before that.
    const spoils = shell('test -e spoiled && echo again || { echo x > spoiled; rm -r src; exit 3; }');
    const flow = await rig.flow([developer(1, [shell('echo begun > note.txt')], files, [spoils]), approves]);
    const { pipelineRunId } = await flow.task();
    const asked = await flow.pending(pipelineRunId, 'escalation');
    const before = await firstRun(flow);
    const old = await logOf(flow, before.id);
    const view = () => getRun(looking(flow), { runId: before.id });
    expect(await view()).toMatchObject({ mayBeRetried: true, retriedBy: null });
    await expect(retry(flow, { runId: before.id, turn: 9 })).rejects.toMatchObject({ code: 'conflict' });

    const { runId } = await retry(flow, { runId: before.id, turn: 2, note: 'Hand over what you have.' });
    const approval = await flow.db.approval.findFirstOrThrow({ where: { orgId: flow.orgId, id: asked.id } });
    expect(approval.status).toBe('voided');
    expect(await view()).toMatchObject({ mayBeRetried: false, retriedBy: runId });
    await expect(retry(flow, { runId: before.id, turn: 1 })).rejects.toMatchObject({ code: 'conflict' });

    const again = await flow.pending(pipelineRunId, 'escalation');
    expect(again.id).not.toBe(asked.id);
    const log = await logOf(flow, runId);
    const { run } = (await flow.row(pipelineRunId)).attempts.find((attempt) => attempt.run?.id === runId)!;
    expect(log.slice(0, 3)).toMatchObject([
      { kind: 'run.forked', payload: { runId: before.id, turn: 2 } },
      { kind: 'message.added', payload: { source: 'platform' } },
      { kind: 'message.added', payload: { source: 'person', text: 'Hand over what you have.' } },
    ]);
    // It went on with turn 3, in a tree as it was after turn 2: not spoiled yet.
    const finished = log.find(({ kind }) => kind === 'tool.finished')?.payload;
    expect(finished).toMatchObject({ turn: 3, exitCode: 3 });
    expect(run?.costMicros).toBeLessThan(before.costMicros + 1n);
    expect(await logOf(flow, before.id)).toEqual(old);
    const tree = log.find(({ kind }) => kind === 'workspace.snapshotted')?.payload as { commit: string };
    expect(await fileIn(flow, tree.commit, 'note.txt')).toBe('begun\n');
    expect(await fileIn(flow, tree.commit, 'src/double.js')).toBeNull();
    const { diff } = await getTurnDiff({ ...looking(flow), codeHost: flow.worker.codeHost }, { runId, turn: 3 });
    expect(diff).toContain('spoiled');
    expect(diff).not.toContain('note.txt');
  });
});

describe('a run that is paused', () => {
  it('ends when another goes on from one of its turns, which hands over and is merged', async () => {
    const go = Promise.withResolvers<void>();
    const held = (command: string) => (command.includes('echo held') ? go.promise : Promise.resolve());
    const story = developer(1, files, [shell('echo held > held.txt')], [shell('npm test')], [handoff('done')]);
    const flow = await rig.flow([story, approves], { afterCommand: held });
    const { pipelineRunId } = await flow.task();
    const paused = await flow.until(
      () => flow.db.run.findFirst({ where: { orgId: flow.orgId, status: 'running', turns: 2 } }),
      'the developer to work',
    );
    const { id: first } = paused;
    await expect(retry(flow, { runId: first, turn: 1 })).rejects.toThrow('Pause it first');
    await pauseRun(flow.by(), { runId: first });
    await flow.heard(first);
    go.resolve();
    await flow.until(async () => (await firstRun(flow)).status === 'waiting', 'the run to be paused');

    const { runId } = await retry(flow, { runId: first, turn: 1 });
    expect(await firstRun(flow)).toMatchObject({ status: 'stopped', outcome: { reason: 'retried' } });
    const [end, ...rest] = (await logOf(flow, first)).toReversed();
    expect(end).toMatchObject({ kind: 'run.ended', payload: { outcome: { reason: 'retried' } } });
    expect(rest.some(({ kind }) => kind === 'run.ended')).toBe(false);
    const merge = await flow.pending(pipelineRunId, 'merge');
    await flow.decide(merge);
    expect(await flow.ended(pipelineRunId)).toMatchObject({ status: 'succeeded' });
    const { attempts } = await flow.row(pipelineRunId);
    const builds = attempts.filter(({ stage }) => stage === 'build');
    expect(builds.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 'stopped'],
      [2, 'passed'],
    ]);
    expect(builds[1]?.run?.id).toBe(runId);
    const open = await flow.db.reservation.count({ where: { orgId: flow.orgId, status: 'open' } });
    expect(open).toBe(0);
  });
});

describe('a retry', () => {
  it('that the budget does not cover changes nothing', async () => {
    const flow = await rig.flow([developer(1, files, [shell('exit 1')]), approves]);
    const { pipelineRunId, taskId } = await flow.task();
    const asked = await flow.pending(pipelineRunId, 'escalation');
    const { id: runId } = await firstRun(flow);
    const { orgId, db } = flow;
    await db.task.updateMany({ where: { orgId, id: taskId }, data: { costLimit: 1n } });
    await expect(retry(flow, { runId, turn: 1 })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('budget is used up'),
    });
    expect((await flow.row(pipelineRunId)).attempts.filter(({ stage }) => stage === 'build')).toHaveLength(1);
    expect(await db.approval.findFirst({ where: { orgId, id: asked.id } })).toMatchObject({ status: 'pending' });
  });
});
