import { once } from 'node:events';
import pg from 'pg';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { makeOrg, makeRunWithAll } from '../testing/factories.ts';
import { testDatabase } from '../testing/database.ts';
import type { TestDatabase } from '../testing/database.ts';
import { appendOrgEvents, appendRunEvents } from './append-event.ts';
import { openListener } from './listen.ts';
import type { LiveDelta, Listener } from './listen.ts';
import { eventsChannel } from './notifier.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const at = new Date();
const event = { kind: 'run.resumed' as const, payload: { reason: 'x' } };
const actor = { type: 'system' as const, reason: 'test' };

async function listening(): Promise<Listener> {
  const listener = openListener(t.appUrl);
  closing.push(() => listener.close());
  await listener.ready;
  return listener;
}

/** Resolves at the next call of what it hands to `on`. */
const next = (on: (call: () => void) => () => void) =>
  new Promise<void>((resolve) => {
    const stop = on(() => {
      stop();
      resolve();
    });
  });

/** Every notification that a bare connection hears. */
async function overhear() {
  const client = new pg.Client({ connectionString: t.appUrl });
  await client.connect();
  closing.push(() => client.end());
  const heard: string[] = [];
  client.on('notification', ({ payload }) => heard.push(payload ?? ''));
  await client.query(`listen ${eventsChannel}`);
  return { heard, next: () => once(client, 'notification') };
}

describe('wake-ups', () => {
  test('one per commit, to its stream and its org and to nobody else', async () => {
    const { org, runId, streamId } = await makeRunWithAll(t.database);
    const other = await makeRunWithAll(t.database);
    const listener = await listening();
    const { heard, next: heardOne } = await overhear();
    const calls: string[] = [];
    listener.onStream(other.streamId, () => calls.push('other stream'));
    listener.onOrg(other.org.orgId, () => calls.push('other org'));
    const woken = Promise.all([
      next((call) => listener.onStream(streamId, call)),
      next((call) => listener.onOrg(org.orgId, call)),
      heardOne(),
    ]);
    const { orgId, db } = org;
    await appendRunEvents(db, { orgId, runId, generation: 0, actor, at, events: [event, event, event] });
    await woken;
    expect(heard).toEqual([`${orgId}:${streamId}`]);
    expect(calls).toEqual([]);
  });

  test('a transaction wakes once it is committed, and never when it is not', async () => {
    const { org, runId, streamId } = await makeRunWithAll(t.database);
    const { orgId } = org;
    const { heard, next: heardOne } = await overhear();
    const append = (fail: boolean) =>
      t.database.transaction(orgId, async (tx) => {
        await appendRunEvents(tx, { orgId, runId, generation: 0, actor, at, events: [event] });
        await appendRunEvents(tx, { orgId, runId, generation: 0, actor, at, events: [event] });
        if (fail) throw new Error('no');
      });
    await expect(append(true)).rejects.toThrow('no');
    const woken = heardOne();
    await append(false);
    await woken;
    expect(heard).toEqual([`${orgId}:${streamId}`]);
  });

  test('a burst of commits is told in a few notifications, the last commit included', async () => {
    const { orgId, owner, db } = await makeOrg(t.database);
    const listener = await listening();
    const { heard } = await overhear();
    const stream = await db.stream.findFirstOrThrow({ where: { kind: 'org' } });
    let seen = 0;
    const caughtUp = new Promise<void>((resolve) => {
      listener.onStream(stream.id, () => {
        void db.stream.findFirstOrThrow({ where: { id: stream.id } }).then(({ headSeq }) => {
          seen = headSeq;
          if (headSeq === 101) resolve();
        });
      });
    });
    const by = { type: 'user' as const, userId: owner.userId };
    const events = [{ kind: 'org.created' as const, payload: { slug: 'x', name: 'x' } }];
    for (let n = 0; n < 100; n++)
      await t.database.transaction(orgId, (tx) => appendOrgEvents(tx, { orgId, actor: by, at, events }));
    await caughtUp;
    expect(seen).toBe(101);
    expect(heard.length).toBeLessThan(100);
  });

  test('a listener that lost its connection finds another and wakes everybody', async () => {
    const listener = await listening();
    const woken = Promise.all([
      next((call) => listener.onStream('str_x', call)),
      next((call) => listener.onOrg('org_x', call)),
    ]);
    await t.admin(
      `select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %' and datname = current_database()`,
    );
    await woken;
  });

  test('one that stopped listening is not called', async () => {
    const { org, runId, streamId } = await makeRunWithAll(t.database);
    const listener = await listening();
    let calls = 0;
    listener.onStream(streamId, () => calls++)();
    const woken = next((call) => listener.onStream(streamId, call));
    const { orgId, db } = org;
    await appendRunEvents(db, { orgId, runId, generation: 0, actor, at, events: [event] });
    await woken;
    expect(calls).toBe(0);
  });
});

describe('live text', () => {
  test('arrives in order and whole, however long and whatever is in it', async () => {
    const [sender, receiver] = [await listening(), await listening()];
    const got: LiveDelta[] = [];
    const text = `${'€'.repeat(3_000)}\u0000"\\😀\ud800${'x'.repeat(9_000)}`;
    const whole = new Promise<void>((resolve) => {
      receiver.onLive('run_1', (delta) => {
        got.push(delta);
        if (delta.text.endsWith('end')) resolve();
      });
    });
    receiver.onLive('run_2', () => got.push({ turn: 0, text: 'wrong run' }));
    await sender.notifyLive('run_1', { turn: 1, text: 'a' });
    await sender.notifyLive('run_1', { turn: 2, text });
    await sender.notifyLive('run_1', { turn: 3, text: 'end' });
    await whole;
    expect(
      got
        .filter(({ turn }) => turn === 2)
        .map((delta) => delta.text)
        .join(''),
    ).toBe(text);
    expect(got[0]).toEqual({ turn: 1, text: 'a' });
  });

  test('is lost without complaint while nobody is connected', async () => {
    const listener = openListener(t.appUrl.replace(/:\d+\//, ':1/'));
    await listener.notifyLive('run_1', { turn: 1, text: 'x' });
    await listener.close();
  });
});
