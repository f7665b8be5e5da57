import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { atEnd, rig } from './testing/fixture.ts';
import { gate, keys, startWorker, testClient, until } from './testing/rig.ts';
import type { EngineEvent } from './ingest.ts';

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });

describe('events', () => {
  test('one event starts every function that waits for it, and only those', async () => {
    const { client, rows } = await rig((app) => [
      app.createFunction({ id: 'left', triggers: [{ event: 'both/asked' }] }, () => 'left'),
      app.createFunction({ id: 'right', triggers: [{ event: 'both/asked' }, { event: 'more/asked' }] }, () => 'right'),
      app.createFunction({ id: 'idle', triggers: [{ event: 'other/asked' }] }, () => 'idle'),
    ]);
    const { ids } = await client.send([{ name: 'both/asked' }, { name: 'more/asked' }, { name: 'nobody/asked' }]);
    expect(new Set(ids).size).toBe(3);
    await rows.ended('left', 1);
    await rows.ended('right', 2);
    expect(await rows.ended('idle', 0)).toEqual([]);
  });

  test('an event id counts once, within a list and across sends', async () => {
    const { client, rows } = await rig((app) => [
      app.createFunction({ id: 'once', triggers: { event: 'once/asked' } }, ({ event }) => event.id),
    ]);
    const id = randomUUID();
    const event = { id, name: 'once/asked' };
    const { ids } = await client.send([event, event]);
    expect(ids).toEqual([id, id]);
    await Promise.all([client.send(event), client.send(event), client.send({ ...event, id: `${id}-other` })]);
    const runs = await rows.ended('once', 2);
    expect(runs.map((run) => run.output).toSorted()).toEqual([id, `${id}-other`]);
  });

  test('a send that is repeated with its seed, because the answer was lost, counts once', async () => {
    const { engine, rows } = await rig((app) => [
      app.createFunction({ id: 'seeded', triggers: { event: 'seeded/asked' } }, () => 'ok'),
    ]);
    const events = [{ name: 'seeded/asked' }, { name: 'seeded/asked' }];
    const send = (seed: string) =>
      post(`${engine.url}/e/${keys.eventKey}`, events, { 'x-inngest-event-id-seed': seed });
    for (const seed of ['1,AAAA', '1,AAAA', '2,BBBB']) expect((await send(seed)).status).toBe(200);
    expect(await rows.ended('seeded', 4)).toHaveLength(4);
  });

  test("a function's idempotency key counts once for that function", async () => {
    const { client, rows } = await rig((app) => [
      app.createFunction(
        { id: 'keyed', idempotency: 'event.data.taskId', triggers: { event: 'keyed/asked' } },
        ({ event }) => event.data.taskId ?? 'none',
      ),
      app.createFunction({ id: 'unkeyed', triggers: { event: 'keyed/asked' } }, () => 'ok'),
    ]);
    const data = [{ taskId: 'a' }, { taskId: 'a' }, { taskId: 'b' }, {}, {}];
    await client.send(data.map((each) => ({ name: 'keyed/asked', data: each })));
    await client.send({ name: 'keyed/asked', data: { taskId: 'b' } });
    expect((await rows.ended('keyed', 4)).map((run) => run.output).toSorted()).toEqual(['a', 'b', 'none', 'none']);
    await rows.ended('unkeyed', 6);
  });

  test('a function sees the event as it was sent', async () => {
    const { client, rows } = await rig((app) => [
      app.createFunction({ id: 'reader', triggers: { event: 'reader/asked' } }, ({ event, events }) => ({
        event,
        events,
      })),
    ]);
    const event = { id: 'given', name: 'reader/asked', data: { n: 1 }, ts: 1_700_000_000_000, v: '2' };
    await client.send(event);
    const [run] = await rows.ended('reader');
    const output = run?.output as { event: EngineEvent; events: EngineEvent[] };
    expect(output.event).toMatchObject(event);
    expect(output.events).toEqual([output.event]);
  });
});

describe('cancellation', () => {
  test('an event cancels the runs whose value it names, and no other', async () => {
    const door = gate();
    const { client, rows } = await rig((app) => [
      app.createFunction(
        { id: 'long', triggers: { event: 'long/asked' }, cancelOn: [{ event: 'long/stopped', match: 'data.runId' }] },
        async ({ event, step }) => {
          await step.run('begin', () => (event.data.runId === 'a' ? door.pass() : undefined));
          await step.sleep('wait', event.data.runId === 'c' ? '1d' : '1s');
          return event.data.runId;
        },
      ),
    ]);
    for (const runId of ['a', 'b', 'c']) await client.send({ name: 'long/asked', data: { runId } });
    await door.reached;
    await until(
      async () => (await rows.pool.query(`select from engine.call where kind = 'sleep'`)).rowCount === 2,
      'sleeps',
    );
    await client.send([
      { name: 'long/stopped', data: { runId: 'a' } },
      { name: 'long/stopped', data: { runId: 'c' } },
    ]);
    await client.send({ name: 'long/stopped', data: {} });
    door.open();
    const runs = await rows.ended('long', 3);
    expect(runs.map((run) => [run.status, run.output])).toEqual([
      ['cancelled', null],
      ['completed', 'b'],
      ['cancelled', null],
    ]);
    expect((await rows.pool.query('select from engine.call')).rowCount).toBe(0);
  });

  test('a run asked for by the same send as its cancellation is not cancelled by it', async () => {
    const { client, rows } = await rig((app) => [
      app.createFunction(
        { id: 'fresh', triggers: { event: 'fresh/asked' }, cancelOn: [{ event: 'fresh/asked' }] },
        async ({ step }) => step.sleep('wait', '1s'),
      ),
    ]);
    await client.send({ name: 'fresh/asked' });
    await client.send({ name: 'fresh/asked' });
    expect((await rows.ended('fresh', 2)).map((run) => run.status)).toEqual(['cancelled', 'completed']);
  });
});

describe('registration', () => {
  test('functions that are gone from the app are no longer started, and their open runs end with the reason', async () => {
    const { client, rows, engine, worker } = await rig((app) => [
      app.createFunction({ id: 'old', triggers: { event: 'old/asked' } }, async ({ step }) => step.sleep('wait', '1s')),
    ]);
    await client.send({ name: 'old/asked' });
    await until(
      async () => (await rows.pool.query(`select from engine.call where kind = 'sleep'`)).rowCount === 1,
      'sleep',
    );
    await worker.crash();
    const next = testClient(engine.url);
    const successor = await startWorker(next, [
      next.createFunction({ id: 'new', triggers: { event: 'old/asked' } }, () => 1),
    ]);
    atEnd(() => successor.crash());
    await successor.register();
    await client.send({ name: 'old/asked' });
    await rows.ended('new');
    expect(await rows.ended('old')).toMatchObject([{ status: 'failed', error: { name: 'FunctionRemoved' } }]);
  });

  test('what the engine cannot do is refused by name, and nothing is registered', async () => {
    const { registered, rows } = await rig((app) => [
      app.createFunction({ id: 'fine', triggers: { event: 'fine/asked' } }, () => 1),
      app.createFunction({ id: 'fussy', debounce: { period: '10s' }, triggers: { event: 'fussy/asked' } }, () => 1),
    ]);
    expect(registered.status).toBe(400);
    expect(registered.message).toContain('fleet-fussy');
    expect(registered.message).toContain('debounce');
    expect((await rows.pool.query('select from engine.function')).rowCount).toBe(0);
  });

  test('the same again changes nothing', async () => {
    const { engine, rows, worker } = await rig((app) => [
      app.createFunction({ id: 'same', triggers: { event: 'same/asked' } }, () => 1),
    ]);
    const stamp = async () => (await rows.pool.query('select registered_at from engine.function')).rows;
    const before = await stamp();
    expect(await worker.register()).toMatchObject({ status: 200 });
    expect(await stamp()).toEqual(before);
    const health = await fetch(`${engine.url}/health`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({ status: 'ok', functions: 1, activeRuns: 0, openCalls: 0 });
  });
});
