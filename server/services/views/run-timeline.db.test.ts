import { beforeAll, expect, test } from 'vitest';
import { appendRunEvents } from '../../db/append-event.ts';
import type { RunEvent } from '../../domain/events/run-events.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { makeRunWithAll } from '../../testing/factories.ts';
import { getRunAxis } from './get-run-axis.ts';
import { getRunDigest, getRunPage } from './get-run-page.ts';
import { before, now, queryOf } from './testing/approvals.ts';

let tested: TestDatabase;
beforeAll(async () => {
  tested = await testDatabase();
});

const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 };
const verdict = { verdict: 'allow', rule: 'r', layer: 'role', reason: 'it may' } as const;
const done = { exitCode: 0, droppedBytes: 0, blobId: null, durationMs: 1 } as const;
const tree = (n: number) => String(n).padStart(40, '0');

/** A turn of five events in which the agent writes of money that nobody spent. */
function turnEvents(turn: number, outcome: 'ok' | 'error' = 'ok'): RunEvent[] {
  const callId = `c${turn}`;
  const input = { costMicros: 999, text: '"costMicros":999,"outcome":"ok"' };
  const content = [{ type: 'tool_use' as const, id: callId, name: 'write', input }];
  const reply = { turn, model: 'm', content, stopReason: 'tool_use' as const, usage, costMicros: 10, durationMs: 1 };
  return [
    { kind: 'model.called', payload: { turn, model: 'm', maxTokens: 1, reservedMicros: 1 } },
    { kind: 'model.replied', payload: reply },
    { kind: 'tool.intended', payload: { turn, callId, tool: 'write', input, verdict } },
    { kind: 'tool.finished', payload: { ...done, turn, callId, tool: 'write', outcome, text: '"outcome":"ok"' } },
    { kind: 'workspace.snapshotted', payload: { turn, commit: tree(turn), leftOut: [] } },
  ];
}

type Run = Awaited<ReturnType<typeof makeRunWithAll>>;

async function append({ org, runId }: Run, at: Date, events: RunEvent[]) {
  const actor = { type: 'system' as const, reason: 'test' };
  await appendRunEvents(org.db, { orgId: org.orgId, runId, generation: 0, actor, at, events });
}

/** A run whose work tree was made, from a commit. */
async function startedRun(): Promise<Run> {
  const run = await makeRunWithAll(tested.database);
  const { org, stageAttemptId } = run;
  const input = { cause: { from: 'order' }, base: tree(0), head: null, start: tree(0) };
  await org.db.stageAttempt.update({ where: { orgId_id: { orgId: org.orgId, id: stageAttemptId } }, data: { input } });
  return run;
}

const sizes = {
  diffStats: async ({ heads }: { heads: string[] }) =>
    heads.map((head) => (head === tree(2) ? null : { files: 1, added: Number(head), removed: 0 })),
};
const axisOf = (run: Run, asked: Partial<Parameters<typeof getRunAxis>[1]> = {}) =>
  getRunAxis(
    { ...queryOf(tested.database, run.org), codeHost: sizes },
    { runId: run.runId, from: null, to: null, buckets: 10, ...asked },
  );

test('an axis counts what happened in each stretch, and what had been spent by then', async () => {
  const run = await startedRun();
  await append(run, before(100), turnEvents(1));
  await append(run, before(45), turnEvents(2, 'error'));
  await append(run, now, turnEvents(3));
  const { filled, ...axis } = await axisOf(run);
  expect(axis).toMatchObject({ first: before(100).toISOString(), last: now.toISOString(), headSeq: 15, buckets: 10 });
  expect(filled).toEqual([
    {
      index: 0,
      firstSeq: 1,
      lastSeq: 5,
      turn: 1,
      messages: 1,
      tools: 1,
      failed: 0,
      costMicros: 10,
      size: { files: 1, added: 1, removed: 0 },
    },
    { index: 5, firstSeq: 6, lastSeq: 10, turn: 2, messages: 1, tools: 1, failed: 1, costMicros: 20, size: null },
    {
      index: 9,
      firstSeq: 11,
      lastSeq: 15,
      turn: 3,
      messages: 1,
      tools: 1,
      failed: 0,
      costMicros: 30,
      size: { files: 1, added: 3, removed: 0 },
    },
  ]);
});

test('a span within the run knows what was before it', async () => {
  const run = await startedRun();
  for (const [turn, minutes] of [
    [1, 100],
    [2, 45],
    [3, 0],
  ] as const)
    await append(run, before(minutes), turnEvents(turn));
  const { filled } = await axisOf(run, { from: before(50), to: before(40) });
  expect(filled).toMatchObject([{ index: 5, firstSeq: 6, turn: 2, costMicros: 20 }]);
  expect((await axisOf(run, { from: before(30), to: before(20) })).filled).toEqual([]);
});

test('a run without events, and one whose events all have one time, have an axis', async () => {
  const run = await startedRun();
  expect(await axisOf(run)).toMatchObject({ headSeq: 0, filled: [] });
  await append(run, now, turnEvents(1));
  expect((await axisOf(run)).filled).toMatchObject([{ index: 0, firstSeq: 1, lastSeq: 5 }]);
});

test('an axis is there where the trees are not', async () => {
  const run = await startedRun();
  await append(run, now, turnEvents(1));
  const codeHost = { diffStats: () => Promise.reject(new Error('no mirror')) };
  const query = { ...queryOf(tested.database, run.org), codeHost };
  const axis = await getRunAxis(query, { runId: run.runId, from: null, to: null, buckets: 10 });
  expect(axis.filled).toMatchObject([{ size: null, tools: 1 }]);
});

test('pages begin with turns, follow each other, and lead to any event', async () => {
  const run = await startedRun();
  for (let turn = 1; turn <= 200; turn += 1) await append(run, now, turnEvents(turn));
  const query = queryOf(tested.database, run.org);
  const page = async (which: Parameters<typeof getRunPage>[1]['which']) => {
    const { events, headSeq } = await getRunPage(query, { runId: run.runId, which });
    expect(headSeq).toBe(1_000);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, n) => events[0]!.seq + n));
    return { kind: events[0]?.kind, from: events[0]?.seq, to: events.at(-1)?.seq };
  };
  expect(await page({ at: 1 })).toEqual({ kind: 'model.called', from: 1, to: 200 });
  expect(await page({ at: 503 })).toEqual({ kind: 'model.called', from: 436, to: 635 });
  expect(await page({ before: 401 })).toEqual({ kind: 'model.called', from: 201, to: 400 });
  expect(await page({ after: 600 })).toMatchObject({ from: 601, to: 800 });
  expect(await page({ before: 1_001 })).toMatchObject({ from: 801, to: 1_000 });
  expect(await page({ at: 5_000 })).toMatchObject({ to: 1_000 });
});

test('a digest has the beginning, the commits and the last plan, and nothing of the turns', async () => {
  const run = await startedRun();
  const commit = { commit: 'c', parent: 'p', files: 1, added: 1, removed: 0, leftOut: [] };
  const plan = (text: string): RunEvent => ({
    kind: 'plan.updated',
    payload: { callId: 'c', items: [{ text, state: 'todo' }] },
  });
  await append(run, now, [plan('a'), ...turnEvents(1), { kind: 'commit.recorded', payload: commit }, plan('b')]);
  const digest = await getRunDigest(queryOf(tested.database, run.org), { runId: run.runId });
  expect(digest.headSeq).toBe(8);
  expect(digest.events.map(({ seq, kind }) => [seq, kind])).toEqual([
    [7, 'commit.recorded'],
    [8, 'plan.updated'],
  ]);
});
