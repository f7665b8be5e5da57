import { beforeAll, describe, expect, it } from 'vitest';
import type { StageOutcome } from '../../domain/pipeline/stage-outcome.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import {
  makeChange,
  makeOrg,
  makePipelineRun,
  makeRepo,
  makeRun,
  makeRunWithAll,
  makeStageAttempt,
  makeStarters,
  makeTask,
  type TestOrg,
} from '../../testing/factories.ts';
import { getBoard } from './get-board.ts';
import { getRun } from './get-run.ts';
import { getTask } from './get-task.ts';
import { listTasks } from './list-tasks.ts';
import { before, hex, makeApproval, mergeOf, now, queryOf } from './testing/approvals.ts';
import type { ViewQuery } from './view-query.ts';

let tested: TestDatabase;
beforeAll(async () => {
  tested = await testDatabase();
});

const query = (org: TestOrg, as?: ViewQuery['viewer']) => queryOf(tested.database, org, as);

describe('board', () => {
  it('puts each pipeline run where what it waits for belongs, with its sentence and its spending', async () => {
    const org = await makeOrg(tested.database);
    const starters = await makeStarters(tested.database, org);
    const { repoId, name: repo } = await makeRepo(org);
    const start = async (title: string, over: Parameters<typeof makePipelineRun>[1] | object = {}) => {
      const { taskId } = await makeTask(org, { repoId, title });
      const { pipelineVersionId } = starters;
      return makePipelineRun(org, { taskId, pipelineVersionId, createdAt: before(60), ...over });
    };

    await start('not started', { status: 'queued' });

    const building = await start('building');
    const first = await makeStageAttempt(org, {
      ...building,
      status: 'failed',
      outcome: checkFailed,
      kind: 'check',
      stage: 'check',
      startedAt: before(30),
    });
    const second = await makeStageAttempt(org, { ...building, attempt: 2, startedAt: before(20) });
    const used = { costMicros: 250_000n, millisUsed: 61_500n, startedAt: before(20), progressAt: before(2) };
    const { runId } = await makeRun(org, starters, { ...second, status: 'running', ...used });
    expect(first).toBeTruthy();

    const slot = await start('waits for a slot');
    const queued = await makeStageAttempt(org, { ...slot, status: 'queued' });
    const waits = {
      for: 'a place: 1 of 1 runs of the agent Developer are being worked on',
      since: before(1).toISOString(),
      wakes: 'a run of it ends',
      ref: null,
    };
    await makeRun(org, starters, { ...queued, waits });

    const asks = await start('asks', { status: 'waiting' });
    const approving = await makeStageAttempt(org, { ...asks, stage: 'merge-ok', kind: 'approval', status: 'waiting' });
    const { changeId } = await makeChange(org, { ...asks, repoId });
    const approvalId = await makeApproval(org, { ...asks, ...approving }, mergeOf(changeId, hex('b')));

    await start('merged', {
      status: 'succeeded',
      outcome: { reason: 'merged', detail: 'Merged into main.' },
      endedAt: before(1),
    });

    const board = await getBoard(query(org));
    const cards = Object.fromEntries(board.cards.map((card) => [card.title, card]));
    expect(cards['not started']).toMatchObject({ column: 'running', sentence: 'Waiting for a worker to start it' });
    expect(cards['building']).toMatchObject({
      column: 'running',
      sentence: 'Developer is at work (build, attempt 2)',
      agent: 'Developer',
      runId,
      repo,
      costMicros: 250_000,
      secondsUsed: 61,
      secondsLimit: 3_600,
      progressAt: before(2).toISOString(),
      scripted: true,
    });
    expect(cards['waits for a slot']).toMatchObject({
      column: 'waiting',
      sentence: 'Waiting for a place: 1 of 1 runs of the agent Developer are being worked on (build)',
    });
    expect(cards['asks']).toMatchObject({ column: 'needs_you', approvalId, changeId, stage: 'merge-ok' });
    expect(cards['merged']).toMatchObject({ column: 'done', sentence: 'Merged into main.', status: 'succeeded' });
    expect(board).toMatchObject({ needsYou: 1, runningRuns: 1, spentTodayMicros: 250_000 });

    const tasks = await listTasks(query(org));
    expect(tasks.map(({ title }) => title)[0]).toBe('merged');
    expect(tasks[0]).toMatchObject({ requester: org.owner.email, status: 'succeeded' });
  });
});

const checkFailed: StageOutcome = {
  kind: 'check',
  verdict: 'failed',
  detail: '1 of 10 tests failed.',
  checkResultId: null,
  failing: ['x'],
  casesBlobId: null,
};

describe('task', () => {
  it('lists every attempt with what came of it', async () => {
    const made = await makeRunWithAll(tested.database, { status: 'running' });
    const { org, pipelineRunId, taskId, runId } = made;
    await makeStageAttempt(org, {
      pipelineRunId,
      stage: 'check',
      kind: 'check',
      status: 'failed',
      outcome: checkFailed,
      startedAt: new Date(Date.now() + 1_000),
      endedAt: new Date(Date.now() + 2_000),
    });
    const task = await getTask(query(org), { taskId });
    expect(task.pipelineRun.stages).toMatchObject([
      { stage: 'build', runId, sentence: 'Developer is at work', checkVerdict: null },
      { stage: 'check', runId: null, sentence: '1 of 10 tests failed.', checkVerdict: 'failed', status: 'failed' },
    ]);
    expect(task.pipelineRun.plannedStages).toEqual(['prepare', 'build', 'check', 'review', 'merge-ok', 'merge']);
    expect(task.requester).toBe(org.owner.email);
  });

  it('is not found where it is not', async () => {
    const org = await makeOrg(tested.database);
    await expect(getTask(query(org), { taskId: 'tsk_x' })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('run', () => {
  it('says why it ended', async () => {
    const outcome = { reason: 'stopped_by_person', detail: 'Stopped: wrong repo.' } as const;
    const { org, runId } = await makeRunWithAll(tested.database, { status: 'stopped', outcome, endedAt: now });
    expect(await getRun(query(org), { runId })).toMatchObject({ sentence: outcome.detail, outcome, role: 'developer' });
  });

  it('between two slices is still at work', async () => {
    const { org, runId } = await makeRunWithAll(tested.database, { status: 'queued', startedAt: before(1) });
    expect(await getRun(query(org), { runId })).toMatchObject({ sentence: 'Developer is at work', status: 'queued' });
  });
});
