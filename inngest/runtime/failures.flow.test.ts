import { beforeAll, describe, expect, it } from 'vitest';
import { flowRig, type FlowRig } from './testing/flow-rig.ts';
import { approves, create, developer, doubles, doubleTest, handoff, replace, shell } from './testing/stories.ts';
import { smallRepo } from './testing/remote.ts';

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
});

const wrong = [
  create('src/double.js', 'export const double = (n) => n + 1;\n'),
  create('test/double.test.js', doubleTest()),
];

describe('a failing check', () => {
  it('goes back to the developer with the failing tests', async () => {
    const flow = await rig.flow([
      developer(1, wrong, [handoff('done')]),
      developer(2, [replace('src/double.js', 'n + 1', 'n * 2')], [handoff('mended')]),
      approves,
    ]);
    const { pipelineRunId } = await flow.task();
    await flow.pending(pipelineRunId, 'merge');
    const { attempts } = await flow.row(pipelineRunId);
    expect(attempts.map(({ stage, status }) => `${stage} ${status}`).slice(1, 5)).toEqual([
      'build passed',
      'check failed',
      'build passed',
      'check passed',
    ]);
    expect(attempts[3]?.input).toMatchObject({ cause: { from: 'check', failing: ['test/double.test.js: doubles'] } });
  });

  it('that fails the same way twice goes to a person', async () => {
    const flow = await rig.flow([
      developer(1, wrong, [handoff('done')]),
      developer(2, [replace('src/double.js', 'n + 1', 'n + 3')], [handoff('mended?')]),
    ]);
    const { pipelineRunId } = await flow.task();
    const escalation = await flow.pending(pipelineRunId, 'escalation');
    expect(escalation.subject).toMatchObject({ reason: 'same_tests_fail', retryStage: 'build' });
    expect(await flow.row(pipelineRunId)).toMatchObject({ status: 'waiting', waits: { ref: escalation.id } });
    await flow.decide(escalation, { verdict: 'denied', reason: 'I do it myself.' });
    expect(await flow.ended(pipelineRunId)).toMatchObject({
      status: 'failed',
      outcome: { reason: 'closed_by_person', detail: 'I do it myself.' },
    });
  });
});

describe('a base that does not pass', () => {
  it('costs nothing until a person says to go on', async () => {
    const broken = { ...smallRepo, 'src/sum.js': 'export const sum = (a, b) => a - b;\n' };
    const fixes = developer(1, [replace('src/sum.js', 'a - b', 'a + b')], [handoff('sum adds')]);
    const flow = await rig.flow([fixes, approves], { files: broken });
    const { pipelineRunId } = await flow.task();
    const escalation = await flow.pending(pipelineRunId, 'escalation');
    expect(escalation.subject).toMatchObject({ reason: 'base_tests_fail', retryStage: 'build' });
    expect(await flow.db.run.count({ where: { orgId: flow.orgId } })).toBe(0);
    await flow.decide(escalation);
    await flow.decide(await flow.pending(pipelineRunId, 'merge'));
    expect((await flow.ended(pipelineRunId)).status).toBe('succeeded');
  });

  it('says so when the tests cannot even be started', async () => {
    const flow = await rig.flow([]);
    await flow.db.repo.updateMany({ where: { orgId: flow.orgId }, data: { testCommand: 'no-such-command' } });
    const { pipelineRunId } = await flow.task();
    const { subject } = await flow.pending(pipelineRunId, 'escalation');
    expect(subject).toMatchObject({ reason: 'environment_broken', detail: expect.stringContaining('no-such-command') });
  });

  it('says so when the remote is gone', async () => {
    const flow = await rig.flow([], { idle: true });
    const { pipelineRunId } = await flow.task();
    await flow.db.repo.updateMany({ where: { orgId: flow.orgId }, data: { remote: '/nowhere/at/all.git' } });
    await flow.start();
    const { subject } = await flow.pending(pipelineRunId, 'escalation');
    expect(subject).toMatchObject({ reason: 'environment_broken', retryStage: 'prepare' });
  });
});

describe('a hand-off without a change', () => {
  it('is refused once, then goes to a person with the agent’s words', async () => {
    const flow = await rig.flow([
      developer(1, [shell('true')], [handoff('nothing')], [handoff('nothing', { notDone: ['It is there already.'] })]),
    ]);
    const { pipelineRunId } = await flow.task();
    const { subject } = await flow.pending(pipelineRunId, 'escalation');
    expect(subject).toMatchObject({ reason: 'blocked', detail: 'It is there already.' });
    const [run] = (await flow.row(pipelineRunId)).attempts.flatMap((attempt) => attempt.run ?? []);
    expect(run).toMatchObject({ status: 'failed', toolCalls: 3 });
  });
});

describe('the merge', () => {
  const approvedMerge = async (flow: Awaited<ReturnType<FlowRig['flow']>>) => {
    const { pipelineRunId } = await flow.task();
    return { pipelineRunId, approval: await flow.pending(pipelineRunId, 'merge') };
  };

  it('takes a moved default branch along', async () => {
    const flow = await rig.flow([doubles, approves]);
    const { pipelineRunId, approval } = await approvedMerge(flow);
    const theirs = await flow.remote.push({ 'README.md': 'hello\n' });
    await flow.decide(approval);
    expect((await flow.ended(pipelineRunId)).status).toBe('succeeded');
    expect(await flow.remote.file('README.md')).toBe('hello\n');
    expect(await flow.remote.file('src/double.js')).not.toBeNull();
    expect(await flow.remote.log()).toContain(theirs);
  });

  it('sends a conflict back to the developer, on the new base', async () => {
    const flow = await rig.flow([
      developer(1, [replace('src/sum.js', 'a + b', 'b + a')], [handoff('swapped')]),
      developer(2, [replace('src/sum.js', '(a + b) * 1', '(b + a) * 1')], [handoff('swapped again')]),
      approves,
    ]);
    const { pipelineRunId, approval } = await approvedMerge(flow);
    await flow.remote.push({ 'src/sum.js': 'export const sum = (a, b) => (a + b) * 1;\n' });
    await flow.decide(approval);
    await flow.decide(await flow.pending(pipelineRunId, 'merge'));
    const ended = await flow.ended(pipelineRunId);
    expect(ended.status).toBe('succeeded');
    expect(ended.attempts.filter(({ stage }) => stage === 'build')[1]?.input).toMatchObject({
      cause: { from: 'merge', problem: 'conflict', paths: ['src/sum.js'] },
    });
    expect(await flow.remote.file('src/sum.js')).toContain('(b + a) * 1');
  });

  it('is not pushed when the tests fail on its result', async () => {
    const flow = await rig.flow([
      doubles,
      developer(2, [shell('rm test/odd.test.js')], [handoff('The odd test is gone.')]),
      approves,
    ]);
    const { pipelineRunId, approval } = await approvedMerge(flow);
    const odd = "import fs from 'node:fs'; import { test } from 'node:test';\n";
    const head = await flow.remote.push({
      'test/odd.test.js': `${odd}test('no double', () => { if (fs.existsSync('src/double.js')) throw new Error('there'); });\n`,
    });
    await flow.decide(approval);
    const merge = await flow.stage(pipelineRunId, 'merge', 'failed');
    expect(merge.outcome).toMatchObject({ result: 'tests_failed', failing: ['test/odd.test.js: no double'] });
    expect(await flow.remote.head('main')).toBe(head);
  });

  it('that the host refuses goes to a person with the host’s words, and can be tried again', async () => {
    const flow = await rig.flow([doubles, approves]);
    const { pipelineRunId, approval } = await approvedMerge(flow);
    await flow.remote.hook('pre-receive', 'echo "the branch is frozen until Monday" >&2; exit 1');
    await flow.decide(approval);
    const escalation = await flow.pending(pipelineRunId, 'escalation');
    expect(escalation.subject).toMatchObject({
      reason: 'merge_refused',
      detail: expect.stringContaining('frozen until Monday'),
    });
    await flow.remote.hook('pre-receive', 'exit 0');
    await flow.decide(escalation);
    expect((await flow.ended(pipelineRunId)).status).toBe('succeeded');
  });
});
