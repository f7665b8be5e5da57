import { beforeAll, expect, it } from 'vitest';
import { appendRunEvents } from '../../db/append-event.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { makeRunWithAll } from '../../testing/factories.ts';
import { searchRun } from './search-run.ts';
import { queryOf } from './testing/approvals.ts';

let tested: TestDatabase;
beforeAll(async () => {
  tested = await testDatabase();
});

const finished = { tool: 'shell', outcome: 'ok' as const, exitCode: 0, droppedBytes: 0, blobId: null, durationMs: 1 };

async function said(texts: string[]) {
  const { org, runId } = await makeRunWithAll(tested.database);
  const { orgId, db } = org;
  const actor = { type: 'system' as const, reason: 'test' };
  const events = texts.map((text, n) => ({
    kind: 'tool.finished' as const,
    payload: { ...finished, turn: n + 1, callId: `c${n}`, text },
  }));
  await appendRunEvents(db, { orgId, runId, generation: 0, actor, at: new Date(), events });
  return { query: queryOf(tested.database, org), runId };
}

it('finds a text in any case, says in which turn, and what stands around it', async () => {
  const long = `${'a'.repeat(200)}Error: "no such file"\n${'b'.repeat(200)}`;
  const { query, runId } = await said(['nothing', long, 'an ERROR again']);
  const { hits, more } = await searchRun(query, { runId, text: 'error', afterSeq: 0 });
  expect(hits).toMatchObject([
    { seq: 2, turn: 2, kind: 'tool.finished', before: 'a'.repeat(60), found: 'Error' },
    { seq: 3, turn: 3, before: 'an ', found: 'ERROR', after: ' again' },
  ]);
  expect(more).toBe(false);
  expect((await searchRun(query, { runId, text: 'error', afterSeq: 2 })).hits.map(({ seq }) => seq)).toEqual([3]);
});

it.each(['"no such file"', 'file"\n', '100%', '_x_', 'ä'])('takes %j as the text that it is', async (text) => {
  const { query, runId } = await said([`there is ${text} here`, 'there is none']);
  const { hits } = await searchRun(query, { runId, text, afterSeq: 0 });
  expect(hits).toMatchObject([{ seq: 1, found: text }]);
});

it('shows fifty and says that there are more', async () => {
  const { query, runId } = await said(Array.from({ length: 51 }, () => 'again'));
  expect(await searchRun(query, { runId, text: 'again', afterSeq: 0 })).toMatchObject({
    hits: { length: 50 },
    more: true,
  });
});

it('knows no run of another org', async () => {
  const [mine, other] = [await said(['x y']), await said(['x y'])];
  await expect(searchRun(mine.query, { runId: other.runId, text: 'x y', afterSeq: 0 })).rejects.toMatchObject({
    code: 'not_found',
  });
});
