import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readAllEvents } from '../../server/db/read-events.ts';
import { pauseRun, resumeRun, steerRun } from '../../server/services/runs/steer-run.ts';
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
const works = developer(1, [shell('echo held')], files, [shell('npm test')], [handoff('done')]);

const runOf = (flow: Flow) => flow.db.run.findFirstOrThrow({ where: { orgId: flow.orgId }, orderBy: { id: 'asc' } });

/** The developer in its first command, with what lets it go on. */
async function atWork() {
  const go = Promise.withResolvers<void>();
  onTestFinished(() => go.resolve());
  const afterCommand = async (command: string) => (command.includes('echo held') ? go.promise : undefined);
  const flow = await rig.flow([works, approves], { afterCommand });
  const { pipelineRunId } = await flow.task();
  const run = await flow.until(
    () => flow.db.run.findFirst({ where: { orgId: flow.orgId, status: 'running', toolCalls: 1 } }),
    'the developer to work',
  );
  return { flow, pipelineRunId, runId: run.id, go: () => go.resolve() };
}

const logOf = async ({ db, orgId }: Flow, runId: string) => readAllEvents(db, { orgId, kind: 'run', subject: runId });

describe('a message to a running agent', () => {
  it('is in the log once, before the next model call, and pending until then', async () => {
    const { flow, pipelineRunId, runId, go } = await atWork();
    await steerRun(flow.by(), { runId, text: '  Mind the odd numbers. ' });
    const command = await flow.db.command.findFirstOrThrow({ where: { orgId: flow.orgId } });
    expect(command).toMatchObject({ kind: 'steer', acknowledgedAt: null });
    go();
    await flow.pending(pipelineRunId, 'merge');
    const log = await logOf(flow, runId);
    const said = log.filter(({ kind }) => kind === 'message.added');
    expect(said.map(({ payload }) => payload)).toEqual([
      { source: 'person', text: 'Mind the odd numbers.', commandId: command.id },
    ]);
    const at = log.indexOf(said[0]!);
    expect(log.slice(at).find(({ kind }) => kind.startsWith('model.'))).toMatchObject({
      kind: 'model.called',
      payload: { turn: 2 },
    });
    const acknowledged = await flow.db.command.findFirstOrThrow({ where: { orgId: flow.orgId } });
    expect(acknowledged.acknowledgedAt).not.toBeNull();
  });

  it('that comes in the call by which an agent turns in circles is heard, and no notice that it does', async () => {
    let times = 0;
    const circles = developer(1, ...Array.from({ length: 4 }, () => [shell('echo again')]), files, [handoff('done')]);
    const flow: Flow = await rig.flow([circles, approves], {
      afterCommand: async (command) => {
        if (!command.includes('echo again') || (times += 1) < 4) return;
        await steerRun(flow.by(), { runId: (await runOf(flow)).id, text: 'Write the files.' });
      },
    });
    const { pipelineRunId } = await flow.task();
    await flow.pending(pipelineRunId, 'merge');
    const log = await logOf(flow, (await runOf(flow)).id);
    expect(log.filter(({ kind }) => kind === 'message.added').map(({ payload }) => payload)).toMatchObject([
      { source: 'person', text: 'Write the files.' },
    ]);
  });

  it('is refused when it is empty or too long, and when the run is over', async () => {
    const { flow, runId } = await atWork();
    await expect(steerRun(flow.by(), { runId, text: ' \n ' })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(steerRun(flow.by(), { runId, text: 'x'.repeat(4_001) })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await flow.stop(runId);
    await flow.until(async () => (await runOf(flow)).status === 'stopped', 'the run to be stopped');
    await expect(steerRun(flow.by(), { runId, text: 'Go on.' })).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('a pause', () => {
  it('comes into force at the end of the call, stops the clock, and ends with the person who resumes it', async () => {
    const { flow, pipelineRunId, runId, go } = await atWork();
    await pauseRun(flow.by(), { runId });
    await pauseRun(flow.by(), { runId });
    await flow.heard(runId);
    go();
    const paused = await flow.until(async () => {
      const run = await runOf(flow);
      return run.status === 'waiting' ? run : null;
    }, 'the run to be paused');
    expect(paused).toMatchObject({ waits: { for: 'a person to resume it' }, leaseOwner: null, turns: 1 });
    expect(await flow.row(pipelineRunId)).toMatchObject({ status: 'waiting' });
    await steerRun(flow.by(), { runId, text: 'Now.' });
    expect((await runOf(flow)).millisUsed).toBe(paused.millisUsed);
    await resumeRun(flow.by(), { runId });
    await flow.pending(pipelineRunId, 'merge');
    const log = await logOf(flow, runId);
    expect(log.filter(({ kind }) => kind === 'run.waiting')).toHaveLength(1);
    expect(log.filter(({ kind }) => kind === 'message.added')).toHaveLength(1);
    const calls = log.flatMap(({ kind, payload }) => (kind === 'tool.finished' ? [payload] : []));
    expect(new Set(calls.map(({ callId }) => callId)).size).toBe(calls.length);
    await expect(resumeRun(flow.by(), { runId })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('that was taken back never comes', async () => {
    const { flow, pipelineRunId, runId, go } = await atWork();
    await pauseRun(flow.by(), { runId });
    await resumeRun(flow.by(), { runId });
    // A beat may have seen the one and not yet the other.
    await flow.heard(runId);
    go();
    await flow.pending(pipelineRunId, 'merge');
    expect((await logOf(flow, runId)).some(({ kind }) => kind === 'run.waiting')).toBe(false);
  });

  it('of a run can be stopped', async () => {
    const { flow, pipelineRunId, runId, go } = await atWork();
    await pauseRun(flow.by(), { runId });
    await flow.heard(runId);
    go();
    await flow.until(async () => (await runOf(flow)).status === 'waiting', 'the run to be paused');
    await flow.stop(runId);
    expect((await flow.ended(pipelineRunId)).status).toBe('stopped');
  });
});
