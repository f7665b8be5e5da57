import { beforeAll, describe, expect, test } from 'vitest';
import { makeRunWithAll } from '../testing/factories.ts';
import { testDatabase } from '../testing/database.ts';
import type { TestDatabase } from '../testing/database.ts';
import { appendRunEvents } from './append-event.ts';
import { verifyStreams } from './verify-streams.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});

/** A run with five events; `tamper` changes rows as somebody with the owner's password could. */
async function written() {
  const made = await makeRunWithAll(t.database);
  const { runId, streamId } = made;
  const { orgId, db } = made.org;
  const actor = { type: 'agent-run' as const, runId, onBehalfOf: 'usr_x' };
  const events = Array.from({ length: 5 }, (_, n) => ({
    kind: 'message.added' as const,
    payload: { source: 'platform' as const, text: `${n}` },
  }));
  await appendRunEvents(db, { orgId, runId, generation: 0, actor, at: new Date(), events });
  const tamper = (sql: string) =>
    t.admin(
      `alter table event disable trigger append_only; alter table event disable trigger only_blank; ${sql.replaceAll('$stream', `'${streamId}'`)};
       alter table event enable always trigger append_only`,
    );
  return { orgId, db, runId, streamId, tamper };
}

const copied = (to: number, from: number) => `
  insert into event (org_id, stream_id, seq, kind, at, header, payload, salt, hash)
  select org_id, stream_id, ${to}, kind, at, header, payload, salt, hash from event where stream_id = $stream and seq = ${from}`;

describe('tampering in the database is found and placed', () => {
  test.each([
    [
      'an edited payload',
      `update event set payload = 'x' where stream_id = $stream and seq = 3`,
      3,
      'its payload was changed',
    ],
    [
      'an edited time',
      `update event set at = at - interval '1 ms' where stream_id = $stream and seq = 2`,
      2,
      'its kind or time was changed',
    ],
    ['a deleted event', `delete from event where stream_id = $stream and seq = 2`, 2, 'is missing'],
    ['a cut tail', `delete from event where stream_id = $stream and seq > 3`, 4, 'is missing, and all up to 5'],
    [
      'a cut tail with the head set back',
      `delete from event where stream_id = $stream and seq > 3; update stream set head_seq = 3 where id = $stream`,
      3,
      'is not the event the stream ended with',
    ],
    [
      'two swapped',
      `update event set seq = 90 where stream_id = $stream and seq = 2;
       update event set seq = 2 where stream_id = $stream and seq = 3;
       update event set seq = 3 where stream_id = $stream and seq = 90`,
      2,
      /was written as event 3/,
    ],
    ['one added behind the head', copied(6, 5), 6, /was written as event 5/],
    ['one added before the first', copied(0, 1), 0, 'is there twice'],
    [
      'one inserted in the middle',
      `update event set seq = seq + 100 where stream_id = $stream and seq > 2;
       update event set seq = seq - 99 where stream_id = $stream and seq > 100; ${copied(3, 1)};
       update stream set head_seq = 6 where id = $stream`,
      3,
      /was written as event 1/,
    ],
  ])('%s', async (_name, sql, seq, problem) => {
    const { orgId, db, runId, streamId, tamper } = await written();
    const before = await verifyStreams(db, { orgId });
    expect(before).toMatchObject({ ok: true, streams: 2, events: 7, firstBad: null });
    await tamper(sql);
    const after = await verifyStreams(db, { orgId });
    expect(after).toMatchObject({ ok: false, firstBad: { streamId, kind: 'run', subject: runId, seq } });
    expect(after.firstBad?.problem).toMatch(problem);
  });
});

test('the head of all streams changes with every event, and with nothing else', async () => {
  const { orgId, db, runId } = await written();
  const one = await verifyStreams(db, { orgId });
  expect((await verifyStreams(db, { orgId })).head).toBe(one.head);
  const actor = { type: 'system' as const, reason: 'x' };
  const events = [{ kind: 'run.resumed' as const, payload: { reason: 'x' } }];
  await appendRunEvents(db, { orgId, runId, generation: 0, actor, at: new Date(), events });
  expect((await verifyStreams(db, { orgId })).head).not.toBe(one.head);
});

test('a log that grows while it is checked is sound, page after page', async () => {
  const { orgId, db, runId } = await written();
  const actor = { type: 'system' as const, reason: 'x' };
  const event = { kind: 'run.resumed' as const, payload: { reason: 'x' } };
  const append = (count: number) =>
    appendRunEvents(db, { orgId, runId, generation: 0, actor, at: new Date(), events: Array(count).fill(event) });
  for (let n = 0; n < 6; n++) await append(200);
  const [verified] = await Promise.all([
    verifyStreams(db, { orgId }),
    (async () => {
      for (let n = 0; n < 20; n++) await append(3);
    })(),
  ]);
  expect(verified.firstBad).toBeNull();
  expect(verified.events).toBeGreaterThanOrEqual(1_207);
});
