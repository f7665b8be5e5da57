import { beforeAll, describe, expect, it } from 'vitest';
import { readAllEvents } from '../../server/db/read-events.ts';
import { flowRig, type Flow, type FlowRig } from './testing/flow-rig.ts';
import { approves, ask, create, developer, doubles, doubleTest, handoff, shell } from './testing/stories.ts';

let rig: FlowRig;
beforeAll(async () => {
  rig = await flowRig();
});

const files = [
  create('src/double.js', 'export const double = (n) => n * 2;\n'),
  create('test/double.test.js', doubleTest()),
];

async function runningRun(flow: Flow, pipelineRunId: string) {
  return flow.until(async () => {
    const build = (await flow.row(pipelineRunId)).attempts.find(({ stage }) => stage === 'build');
    const calls = build?.run?.toolCalls ?? 0;
    return build?.run?.status === 'running' && calls > 0 ? build.run : null;
  }, 'the developer to work');
}

describe('a question', () => {
  const asks = developer(1, [ask('May I?', ['Yes', 'No'])], files, [handoff('done')]);

  it('stops the clock and resumes with the answer', async () => {
    const flow = await rig.flow([asks, approves]);
    const { pipelineRunId } = await flow.task();
    const question = await flow.pending(pipelineRunId, 'question');
    const { run, ...build } = await flow.until(async () => {
      const found = (await flow.row(pipelineRunId)).attempts.find(({ stage }) => stage === 'build');
      return found?.run?.status === 'waiting' ? found : null;
    }, 'the run to wait');
    expect(build.status).toBe('waiting');
    expect(await flow.row(pipelineRunId)).toMatchObject({ status: 'waiting', waits: { ref: question.id } });
    const used = run?.millisUsed;
    const still = await flow.db.run.findFirstOrThrow({ where: { orgId: flow.orgId, id: run?.id } });
    expect(still).toMatchObject({ millisUsed: used, leaseOwner: null });

    await flow.decide(question, { answer: 'Yes' });
    await flow.decide(await flow.pending(pipelineRunId, 'merge'));
    expect((await flow.ended(pipelineRunId)).status).toBe('succeeded');
    const events = await readAllEvents(flow.db, { orgId: flow.orgId, kind: 'run', subject: run?.id ?? '' });
    const answer = events.find(({ kind, payload }) => kind === 'tool.finished' && payload.tool === 'ask_person');
    expect(answer?.payload).toMatchObject({ outcome: 'ok', text: expect.stringContaining('Yes') });
  });

  it('may be answered with no', async () => {
    const flow = await rig.flow([asks, approves]);
    const { pipelineRunId } = await flow.task();
    await flow.decide(await flow.pending(pipelineRunId, 'question'), { verdict: 'denied', reason: 'Not today.' });
    await flow.pending(pipelineRunId, 'merge');
    const run = await flow.db.run.findFirstOrThrow({ where: { orgId: flow.orgId }, orderBy: { id: 'asc' } });
    const events = await readAllEvents(flow.db, { orgId: flow.orgId, kind: 'run', subject: run.id });
    expect(JSON.stringify(events)).toContain('No. Not today.');
  });
});

describe('a request for scope', () => {
  const asksFor = (...paths: string[]) => ({
    tool: 'request_scope',
    input: { paths, why: 'The house rules want it.' },
  });
  const document = create('docs/double.md', 'double() doubles.\n');
  const asks = developer(
    1,
    [document],
    [asksFor('docs/**', 'CHANGELOG.md')],
    [document, create('CHANGELOG.md', 'x\n')],
    files,
    [handoff('done')],
  );

  it('opens what a person gives of it, in this run and in its commit', async () => {
    const flow = await rig.flow([asks, approves]);
    const { pipelineRunId } = await flow.task({ scope: ['src/**', 'test/**'] });
    const request = await flow.pending(pipelineRunId, 'scope');
    const granted = { kind: 'scope' as const, paths: ['docs/double.md'], hosts: [], commands: [] };
    await flow.decide(request, { granted });
    const merge = await flow.pending(pipelineRunId, 'merge');
    expect(merge.subject).toMatchObject({ files: 3 });
    const run = await flow.db.run.findFirstOrThrow({ where: { orgId: flow.orgId }, orderBy: { id: 'asc' } });
    const events = await readAllEvents(flow.db, { orgId: flow.orgId, kind: 'run', subject: run.id });
    const done = events.flatMap(({ kind, payload }) => (kind === 'tool.finished' ? [payload] : []));
    const writes = done.filter(({ tool }) => tool === 'create');
    expect(writes.map(({ outcome }) => outcome)).toEqual(['denied', 'denied', 'ok', 'ok', 'ok']);
    expect(events.find(({ kind }) => kind === 'scope.granted')?.payload).toMatchObject({
      approvalId: request.id,
      allows: { paths: ['docs/double.md'] },
    });
  });

  it('for what the role may never write asks nobody', async () => {
    const flow = await rig.flow([
      developer(1, [asksFor('.github/workflows/test.yml')], files, [handoff('done')]),
      approves,
    ]);
    const { pipelineRunId } = await flow.task({ scope: ['src/**', 'test/**'] });
    await flow.pending(pipelineRunId, 'merge');
    expect(await flow.db.approval.count({ where: { orgId: flow.orgId, kind: 'scope' } })).toBe(0);
    const run = await flow.db.run.findFirstOrThrow({ where: { orgId: flow.orgId }, orderBy: { id: 'asc' } });
    const events = await readAllEvents(flow.db, { orgId: flow.orgId, kind: 'run', subject: run.id });
    const refused = events.find(({ kind, payload }) => kind === 'tool.finished' && payload.tool === 'request_scope');
    expect(refused?.payload).toMatchObject({ outcome: 'error', text: expect.stringMatching(/Nobody was asked.*@ci/) });
  });
});

describe('a background job', () => {
  const page = "require('node:http').createServer((q, a) => a.end('hello')).listen(8124, '127.0.0.1')";
  const start = { tool: 'job_start', input: { command: `node -e "${page}; console.log('up')"`, wait_for: 'up' } };
  const get = shell('node -e "fetch(\'http://127.0.0.1:8124\').then((r) => r.text()).then(console.log)" || echo gone');
  const asks = developer(1, [start], [get], [get], [ask('May I?', ['Yes'])], [get], files, [handoff('done')]);

  it('outlives its slice, and the agent is told when a wait has ended it', async () => {
    const flow = await rig.flow([asks, approves], { sliceMs: 1 });
    const { pipelineRunId } = await flow.task();
    await flow.decide(await flow.pending(pipelineRunId, 'question'), { answer: 'Yes' });
    await flow.pending(pipelineRunId, 'merge');
    const run = await flow.db.run.findFirstOrThrow({ where: { orgId: flow.orgId }, orderBy: { id: 'asc' } });
    const events = await readAllEvents(flow.db, { orgId: flow.orgId, kind: 'run', subject: run.id });
    const done = events.flatMap(({ kind, payload }) => (kind === 'tool.finished' ? [payload] : []));
    const answers = done.filter(({ tool }) => tool === 'shell').map(({ text }) => /hello|gone/.exec(text)?.[0]);
    expect(answers).toEqual(['hello', 'hello', 'gone']);
    expect(events.filter(({ kind }) => kind === 'slice.started').length).toBeGreaterThan(3);
    const ended = events.flatMap(({ kind, payload }) => (kind === 'job.ended' ? [payload] : []));
    expect(ended).toMatchObject([{ jobId: 'job-1', by: 'sandbox' }]);
  });
});

describe('a denied merge', () => {
  it('ends the pipeline run and keeps the branch', async () => {
    const flow = await rig.flow([doubles, approves]);
    const before = await flow.remote.head('main');
    const { pipelineRunId } = await flow.task();
    await flow.decide(await flow.pending(pipelineRunId, 'merge'), { verdict: 'denied', reason: 'Not needed.' });
    const ended = await flow.ended(pipelineRunId);
    expect(ended).toMatchObject({ status: 'failed', outcome: { reason: 'merge_denied', detail: 'Not needed.' } });
    expect(ended.change?.status).toBe('closed');
    expect(await flow.remote.head('main')).toBe(before);
    expect(await flow.remote.branches()).toContain('fleet/1-double-it');
  });
});

describe('stop', () => {
  it('ends a command in the air', async () => {
    // Longer than the test may take: only the stop ends it.
    const flow = await rig.flow([developer(1, [shell('sleep 600')])]);
    const { pipelineRunId } = await flow.task();
    const run = await runningRun(flow, pipelineRunId);
    await flow.stop(run.id);
    const ended = await flow.ended(pipelineRunId);
    expect(ended).toMatchObject({ status: 'stopped', outcome: { reason: 'stopped_by_person' } });
    expect(ended.attempts.at(-1)).toMatchObject({ stage: 'build', status: 'stopped' });
    const row = await flow.db.run.findUniqueOrThrow({ where: { orgId_id: { orgId: flow.orgId, id: run.id } } });
    expect(row).toMatchObject({ status: 'stopped', outcome: { detail: expect.stringContaining('enough') } });
  });

  it('ends a run that waits for an answer, and its question', async () => {
    const flow = await rig.flow([developer(1, [ask('May I?')])]);
    const { pipelineRunId } = await flow.task();
    const question = await flow.pending(pipelineRunId, 'question');
    const run = await flow.until(
      () => flow.db.run.findFirst({ where: { orgId: flow.orgId, status: 'waiting' } }),
      'the run to wait',
    );
    await flow.stop(run.id);
    expect((await flow.ended(pipelineRunId)).status).toBe('stopped');
    const row = await flow.db.approval.findUniqueOrThrow({
      where: { orgId_id: { orgId: flow.orgId, id: question.id } },
    });
    expect(row.status).toBe('voided');
  });
});

describe('run time', () => {
  it('stops the agent at its limit, and a person may pay for another round', async () => {
    const flow = await rig.flow([developer(1, [shell('sleep 120')]), { ...doubles, round: 2 }, approves]);
    await flow.changeDeveloper({ secondsLimit: 2 });
    const { pipelineRunId } = await flow.task();
    const escalation = await flow.pending(pipelineRunId, 'escalation');
    expect(escalation.subject).toMatchObject({ reason: 'run_time_exhausted', retryStage: 'build' });
    const run = await flow.db.run.findFirstOrThrow({ where: { orgId: flow.orgId } });
    expect(Number(run.millisUsed)).toBeGreaterThanOrEqual(2_000);
    expect(Number(run.millisUsed)).toBeLessThan(3_500);
    await flow.changeDeveloper({ secondsLimit: 600 });
    await flow.decide(escalation, { reason: 'Go on.' });
    await flow.decide(await flow.pending(pipelineRunId, 'merge'));
    expect((await flow.ended(pipelineRunId)).status).toBe('succeeded');
  });
});
