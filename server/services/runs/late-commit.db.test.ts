import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { systemClock } from '../../adapters/clock/system-clock.ts';
import { appendOrgEvents, appendRunEvents } from '../../db/append-event.ts';
import { openListener, type Listener } from '../../db/listen.ts';
import { dice } from '../../domain/dice.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { makeRunWithAll } from '../../testing/factories.ts';
import { tellDrill } from '../../testing/tell-drill.ts';
import { liveFeed } from './live-feed.ts';

// Transactions that stand open beside the tail: what they add has a lower number than what others add meanwhile, or is never
// committed. A tail that went by what it sees first would skip it.

const { seed, full } = inject('drill');
const rounds = full ? 400 : 12;
const actor = { type: 'system' as const, reason: 'drill' };

let tested: TestDatabase;
let listener: Listener;
beforeAll(async () => {
  tested = await testDatabase();
  listener = openListener(tested.appUrl);
  await listener.ready;
});
afterAll(() => listener.close());

async function followed() {
  const run = await makeRunWithAll(tested.database);
  const { orgId } = run.org;
  const events: OrgEvent[] = [{ kind: 'run.stop-requested', payload: { runId: run.runId, reason: 'x' } }];
  const append = { orgId, actor, at: new Date(), events };
  const add = (hold: () => Promise<void>) =>
    tested.database.transaction(orgId, async (tx) => {
      await appendOrgEvents(tx, append);
      await hold();
    });
  await add(async () => undefined);
  const streamOf = `select id, head_seq as seq from stream where org_id = $1 and kind = 'org'`;
  const [stream] = await tested.admin<{ id: string; seq: number }>(streamOf, [orgId]);
  const feed = liveFeed({ database: tested.database, listener: () => listener, clock: systemClock });
  const leave = new AbortController();
  const seen: number[] = [];
  const following = (async () => {
    for await (const some of feed.follow({ orgId, streamId: stream!.id, afterSeq: 0, signal: leave.signal })) {
      seen.push(...some.map(({ seq }) => seq));
    }
  })().catch(() => undefined);
  const end = async () => {
    leave.abort();
    await following;
  };
  return { run, orgId, add, streamId: stream!.id, seen, end };
}

const stored = async (streamId: string) =>
  (await tested.admin<{ seq: number }>('select seq from event where stream_id = $1 order by seq', [streamId])).map(
    ({ seq }) => seq,
  );

it('drill: late', { timeout: 20 * 60_000 }, async () => {
  const roll = dice(seed);
  const { run, orgId, add, streamId, seen, end } = await followed();
  let undone = 0;
  for (let n = 1; n <= rounds; n += 1) {
    const open = Array.from({ length: 4 }, () => {
      const [forMs, undo] = [roll() * 120, roll() < 0.3];
      return add(async () => {
        await pause(forMs);
        if (undo) throw new Error('undone');
      }).catch(() => (undone += 1));
    });
    const event = { kind: 'run.resumed' as const, payload: { reason: `round ${n}` } };
    await appendRunEvents(run.org.db, {
      orgId,
      runId: run.runId,
      generation: 0,
      actor,
      at: new Date(),
      events: [event],
    });
    await Promise.all(open);
    if (n % 100 === 0) tellDrill(`${n} rounds of ${rounds}`);
  }
  const all = await stored(streamId);
  await expect.poll(() => seen.at(-1), { timeout: 20_000 }).toBe(all.at(-1));
  await end();
  expect(undone).toBeGreaterThan(0);
  expect(all).toEqual(all.map((_, at) => at + 1));
  expect(seen).toEqual(all);
  tellDrill(`${all.length} events were committed by transactions that stood open, ${undone} more undone: none skipped`);
});

it(
  'drill: late, which finds what is skipped where numbers are given without the lock on the head',
  { timeout: 60_000 },
  async () => {
    const { streamId, orgId, seen, end } = await followed();
    const soon = { timeout: 20_000 };
    await expect.poll(() => seen, soon).toEqual(await stored(streamId));
    const last = seen.at(-1)!;
    const copy = `insert into event (org_id, stream_id, seq, kind, at, header, payload, salt, hash)
    select org_id, stream_id, $2, kind, at, header, payload, salt, hash from event where stream_id = $1 and seq = $3`;
    const late = new pg.Client({ connectionString: tested.adminUrl });
    await late.connect();
    await late.query('begin');
    await late.query(copy, [streamId, last + 1, last]);
    await tested.admin(copy, [streamId, last + 2, last]);
    const tell = () => tested.admin(`select pg_notify('fleet_events', $1)`, [`${orgId}:${streamId}`]);
    await tell();
    await expect.poll(() => seen.at(-1), soon).toBe(last + 2);
    await late.query('commit');
    await late.end();
    for (const seq of [last + 3, last + 4]) await tested.admin(copy, [streamId, seq, last]);
    await tell();
    await expect.poll(() => seen.at(-1), soon).toBe(last + 4);
    await end();
    expect(await stored(streamId)).toContain(last + 1);
    expect(seen).not.toContain(last + 1);
  },
);
