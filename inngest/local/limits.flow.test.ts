import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { rig } from './testing/fixture.ts';
import { gate, until } from './testing/rig.ts';

/** Counts who is inside at once, per key. */
function gauge() {
  const inside = new Map<string, number>();
  const most = new Map<string, number>();
  return {
    most,
    async visit(key: string, work: () => Promise<unknown>) {
      inside.set(key, (inside.get(key) ?? 0) + 1);
      most.set(key, Math.max(most.get(key) ?? 0, inside.get(key) ?? 0));
      await work();
      inside.set(key, (inside.get(key) ?? 0) - 1);
    },
  };
}
const breath = () => new Promise((resolve) => setTimeout(resolve, 5));

/** Holds everybody until `count` are there, which proves that so many are let in. */
function muster(count: number) {
  let open = () => {};
  const full = new Promise<void>((resolve) => (open = resolve));
  let arrived = 0;
  return async () => {
    if (++arrived === count) open();
    await full;
    await breath();
  };
}

test('a function runs at most as often at once as its limit says, and all of it runs', async () => {
  const { most, visit } = gauge();
  const three = muster(3);
  const { client, rows } = await rig((app) => [
    app.createFunction({ id: 'few', concurrency: 3, triggers: { event: 'few/asked' } }, () => visit('few', three)),
  ]);
  await client.send(Array.from({ length: 30 }, () => ({ name: 'few/asked' })));
  await rows.ended('few', 30);
  expect(most.get('few')).toBe(3);
});

test('a key has the limit to itself', async () => {
  const { most, visit } = gauge();
  const two = muster(2);
  const { client, rows } = await rig((app) => [
    app.createFunction(
      {
        id: 'fair',
        concurrency: [{ limit: 1, key: 'event.data.orgId' }, { limit: 2 }],
        triggers: { event: 'fair/asked' },
      },
      ({ event }) => visit('all', () => visit(String(event.data.orgId), two)),
    ),
  ]);
  const orgs = ['a', 'b', 'c', undefined];
  await client.send(Array.from({ length: 40 }, (_, n) => ({ name: 'fair/asked', data: { orgId: orgs[n % 4] } })));
  await rows.ended('fair', 40);
  expect(Object.fromEntries(most)).toEqual({ all: 2, a: 1, b: 1, c: 1, undefined: 1 });
});

test('a busy key does not hold up another one', async () => {
  const door = gate();
  const { client, rows, engine } = await rig((app) => [
    app.createFunction(
      { id: 'apart', concurrency: { limit: 1, key: 'event.data.orgId' }, triggers: { event: 'apart/asked' } },
      async ({ event }) => {
        if (event.data.orgId === 'busy') await door.pass();
        return event.data.orgId;
      },
    ),
  ]);
  await client.send(Array.from({ length: 5 }, () => ({ name: 'apart/asked', data: { orgId: 'busy' } })));
  await door.reached;
  await client.send({ name: 'apart/asked', data: { orgId: 'quiet' } });
  await until(async () => (await rows.runs()).some((run) => run.output === 'quiet'), 'the quiet one');
  // A call is counted until its place is given back, which is after its answer is there to read.
  const calls = async () => ((await (await fetch(`${engine.url}/health`)).json()) as { calls: unknown }).calls;
  await until(
    async () => isDeepStrictEqual(await calls(), { running: 1, parked: 4 }),
    'one busy call, and four in line',
  );
  door.open();
  await rows.ended('apart', 6);
});

test('a cancelled run gives its place in the line to the next', async () => {
  const door = gate();
  const ran: string[] = [];
  const { client, rows } = await rig((app) => [
    app.createFunction(
      {
        id: 'line',
        concurrency: 1,
        triggers: { event: 'line/asked' },
        cancelOn: [{ event: 'line/left', match: 'data.who' }],
      },
      async ({ event }) => {
        ran.push(event.data.who);
        if (event.data.who === 'first') await door.pass();
      },
    ),
  ]);
  await client.send({ name: 'line/asked', data: { who: 'first' } });
  await door.reached;
  for (const who of ['second', 'third', 'fourth']) await client.send({ name: 'line/asked', data: { who } });
  await until(async () => (await rows.runs()).length === 4, 'all four');
  await client.send([
    { name: 'line/left', data: { who: 'second' } },
    { name: 'line/left', data: { who: 'third' } },
  ]);
  door.open();
  const runs = await rows.ended('line', 4);
  expect(runs.map((run) => run.status)).toEqual(['completed', 'cancelled', 'cancelled', 'completed']);
  expect(ran).toEqual(['first', 'fourth']);
});

test('a limit counts calls, not runs: one that sleeps holds nobody up', async () => {
  const { client, rows } = await rig((app) => [
    app.createFunction({ id: 'dozer', concurrency: 1, triggers: { event: 'dozer/asked' } }, async ({ event, step }) => {
      if (event.data.long) await step.sleep('long', '1d');
      return 'awake';
    }),
  ]);
  await client.send({ name: 'dozer/asked', data: { long: true } });
  await until(
    async () => (await rows.pool.query(`select from engine.call where kind = 'sleep'`)).rowCount === 1,
    'sleep',
  );
  await client.send({ name: 'dozer/asked', data: {} });
  await until(async () => (await rows.runs()).some((run) => run.output === 'awake'), 'the other run');
});
