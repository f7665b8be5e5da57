import { expect, test } from 'vitest';
import { atEnd, ownDatabase } from './testing/fixture.ts';
import { childEngine } from './testing/child-engine.ts';
import { gate, startWorker, testClient, until } from './testing/rig.ts';
import type { Functions } from './testing/rig.ts';
import type { BusClient } from '../bus/client.ts';

async function installation(declare: (client: BusClient) => Functions) {
  const { url, rows } = await ownDatabase();
  const first = await childEngine(url);
  atEnd(() => first.kill());
  await first.ready();
  const client = testClient(first.url);
  const worker = await startWorker(client, declare(client));
  atEnd(() => worker.crash());
  await worker.register();
  const again = async () => {
    const next = await childEngine(url, { port: first.port });
    atEnd(() => next.kill());
    await next.ready();
    return next;
  };
  return { url, rows, first, client, worker, again };
}

test('killed in the middle of a step: the next engine makes that call again, and only that one', async () => {
  const ran: string[] = [];
  const door = gate();
  const { first, rows, client, again } = await installation((app) => [
    app.createFunction({ id: 'cut', retries: 0, triggers: { event: 'cut/asked' } }, async ({ step }) => {
      await step.run('one', () => void ran.push('one'));
      await step.run('two', async () => {
        ran.push('two');
        if (ran.length === 2) await door.pass();
      });
      return step.run('three', () => ran.push('three'));
    }),
  ]);
  await client.send({ name: 'cut/asked' });
  await door.reached;
  await first.kill();
  await again();
  expect(await rows.ended('cut')).toMatchObject([{ status: 'completed' }]);
  door.open();
  expect(ran).toEqual(['one', 'two', 'two', 'three']);
});

test('killed with runs asleep, waiting in line and just accepted: all of them end', async () => {
  const door = gate();
  let visitors = 0;
  const { first, rows, client, again } = await installation((app) => [
    app.createFunction({ id: 'asleep', triggers: { event: 'all/asked' } }, ({ step }) => step.sleep('nap', '2s')),
    app.createFunction({ id: 'inline', concurrency: 1, triggers: { event: 'all/asked' } }, async () => {
      if (++visitors === 1) await door.pass();
    }),
  ]);
  await client.send(Array.from({ length: 5 }, () => ({ name: 'all/asked' })));
  await door.reached;
  await client.send(Array.from({ length: 5 }, () => ({ name: 'all/asked' })));
  await first.kill();
  await again();
  door.open();
  const statuses = [...(await rows.ended('asleep', 10)), ...(await rows.ended('inline', 10))].map((run) => run.status);
  expect(new Set(statuses)).toEqual(new Set(['completed']));
});

test('killed at any moment, again and again: no event is lost, no run doubled, no recorded step repeated', async () => {
  const ran = new Map<number, number[]>();
  const { first, rows, client, again } = await installation((app) => [
    app.createFunction({ id: 'chain', retries: 0, triggers: { event: 'chain/asked' } }, async ({ event, step }) => {
      const own = ran.get(event.data.n) ?? [];
      ran.set(event.data.n, own);
      let sum = 0;
      for (const n of [1, 2, 3, 4]) sum += await step.run(`add ${n}`, () => (own.push(n), n));
      const sides = await Promise.all(['left', 'right'].map((side) => step.run(side, () => side)));
      return step.run('end', () => (own.push(5), [sum, ...sides]));
    }),
  ]);
  const runs = 60;
  const send = (n: number) => client.send({ id: `chain ${n}`, name: 'chain/asked', data: { n } });
  const sending = Promise.all(Array.from({ length: runs }, (_, n) => send(n).catch(() => n)));
  let engine = first;
  for (const milliseconds of [40, 170, 90, 260, 15]) {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    await engine.kill();
    engine = await again();
  }
  const unsure = (await sending).filter((result) => typeof result === 'number');
  await Promise.all(unsure.map(send));
  const ended = await rows.ended('chain', runs);
  for (const run of ended) expect(run).toMatchObject({ status: 'completed', output: [10, 'left', 'right'] });
  // A step may run twice when its answer was lost, but not any more once a later one ran.
  for (const order of ran.values()) expect(order).toEqual(order.toSorted());
  expect(ran.size).toBe(runs);
  expect((await rows.pool.query('select from engine.call')).rowCount).toBe(0);
});

test('the worker is down for a while: its runs wait without using up attempts and go on at once when it registers', async () => {
  const { rows, client, worker } = await installation((app) => [
    app.createFunction({ id: 'patient', retries: 0, triggers: { event: 'patient/asked' } }, () => 'here'),
  ]);
  await worker.crash();
  await client.send(Array.from({ length: 3 }, () => ({ name: 'patient/asked' })));
  const tried = () => rows.pool.query('select min(losses) as losses from engine.call');
  await until(async () => (await tried()).rows[0]?.losses >= 3, 'a few tries each');
  const functions = [
    client.createFunction({ id: 'patient', retries: 0, triggers: { event: 'patient/asked' } }, () => 'here'),
  ];
  const back = await startWorker(client, functions);
  atEnd(() => back.crash());
  expect(await back.register()).toMatchObject({ status: 200 });
  expect((await rows.ended('patient', 3)).map((run) => run.output)).toEqual(['here', 'here', 'here']);
});

test('the worker dies in the middle of a call: the call is made again and no attempt is used up', async () => {
  const door = gate();
  const attempts: number[] = [];
  const body = (app: BusClient) =>
    app.createFunction({ id: 'torn', retries: 0, triggers: { event: 'torn/asked' } }, async ({ step, attempt }) =>
      step.run('only', async () => {
        attempts.push(attempt);
        if (attempts.length === 1) await door.pass();
        return 'done';
      }),
    );
  const { rows, client, worker } = await installation((app) => [body(app)]);
  await client.send({ name: 'torn/asked' });
  await door.reached;
  await worker.crash();
  const back = await startWorker(client, [body(client)], worker.port);
  atEnd(() => back.crash());
  expect(await rows.ended('torn')).toMatchObject([{ status: 'completed', output: 'done' }]);
  door.open();
  expect(attempts).toEqual([0, 0]);
});
