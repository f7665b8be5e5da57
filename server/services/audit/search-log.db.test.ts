import { beforeAll, describe, expect, it } from 'vitest';
import { appendOrgEvents, appendRunEvents } from '../../db/append-event.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { makeRunWithAll } from '../../testing/factories.ts';
import { queryOf } from '../views/testing/approvals.ts';
import { getLogEvent, readStanding, searchLog } from './search-log.ts';

let tested: TestDatabase;
beforeAll(async () => {
  tested = await testDatabase();
});

const actor = { type: 'system' as const, reason: 'test' };
const began = Date.UTC(2026, 10, 1);

async function logOf(count: number) {
  const { org, runId, streamId } = await makeRunWithAll(tested.database);
  const { orgId, db } = org;
  for (let n = 0; n < count; n += 100) {
    const events = Array.from({ length: Math.min(100, count - n) }, (_, at) => ({
      kind: 'run.resumed' as const,
      payload: { reason: `r${n + at}` },
    }));
    await appendRunEvents(db, { orgId, runId, generation: 0, actor, at: new Date(began + n), events });
  }
  const say = (at: Date, reason: string) =>
    tested.database.transaction(orgId, (tx) =>
      appendOrgEvents(tx, { orgId, actor, at, events: [{ kind: 'run.stop-requested', payload: { runId, reason } }] }),
    );
  return { query: queryOf(tested.database, org), streamId, orgId, say };
}

async function all(query: Awaited<ReturnType<typeof logOf>>['query'], filter: string, limit = 100) {
  const pages = [];
  let after: string | null = null;
  do {
    const page = await searchLog(query, { filter, after, limit });
    pages.push(page);
    after = page.next;
  } while (after !== null);
  return { pages, events: pages.flatMap(({ events }) => events) };
}

describe('a search', () => {
  it('has every event once, newest first, whatever the size of a page', async () => {
    const { query } = await logOf(250);
    const { pages, events } = await all(query, 'kind:run.resumed', 30);
    expect(pages.length).toBeGreaterThan(8);
    expect(events.map(({ payload }) => (payload as { reason: string }).reason)).toEqual(
      Array.from({ length: 250 }, (_, n) => `r${249 - n}`),
    );
  });

  it('that little passes goes through a long log in steps, and says how far it came', async () => {
    const { query, say } = await logOf(6_000);
    await say(new Date(began - 1000), 'long ago');
    const { pages, events } = await all(query, '"long ago"');
    expect(pages.length).toBeGreaterThan(1);
    expect(pages[0]).toMatchObject({ events: [], reached: expect.stringMatching(/^2026/) });
    expect(events).toMatchObject([{ kind: 'run.stop-requested', log: 'org', payload: { reason: 'long ago' } }]);
  });

  it('ends where after: ends it', async () => {
    const { query, say } = await logOf(0);
    await say(new Date(began), 'old');
    await say(new Date(began + 86_400_000), 'new');
    const { events } = await all(query, 'kind:run.stop-requested after:2026-11-02');
    expect(events).toMatchObject([{ payload: { reason: 'new' } }]);
  });

  it.each(['{}', '[1]', '["x","y",0]', 'x'])('from %j is refused', async (after) => {
    const { query } = await logOf(0);
    await expect(searchLog(query, { filter: '', after, limit: 1 })).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('one event', () => {
  it('is found by stream and number, with a payload that a list leaves out', async () => {
    const { query, say } = await logOf(0);
    await say(new Date(), 'x'.repeat(10_000));
    const [listed] = (await all(query, 'kind:run.stop-requested')).events;
    expect(listed).toMatchObject({ payload: null });
    const { streamId, seq } = listed ?? expect.fail('an event');
    expect(await getLogEvent(query, { streamId, seq })).toMatchObject({ payload: { reason: 'x'.repeat(10_000) } });
    await expect(getLogEvent(query, { streamId, seq: 99 })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('that somebody broke in the database is shown as what it is now', async () => {
    const { query, streamId, orgId } = await logOf(1);
    await tested.admin('alter table event disable trigger all');
    const change = `update event set payload = '\\xff00'::bytea, header = '{}'::bytea where org_id = $1 and stream_id = $2`;
    await tested.admin(change, [orgId, streamId]);
    await tested.admin('alter table event enable trigger all');
    expect(await getLogEvent(query, { streamId, seq: 1 })).toMatchObject({ actor: null, person: null });
    expect((await all(query, 'log:runs')).events).toHaveLength(1);
  });
});

it('the log of an org says how long it is, and that nobody verified it yet', async () => {
  const { query } = await logOf(3);
  expect(await readStanding(query)).toMatchObject({ events: expect.any(Number), verified: null });
});
