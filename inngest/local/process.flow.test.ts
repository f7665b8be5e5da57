import { expect, test } from 'vitest';
import { AppError } from '../../server/domain/errors.ts';
import { atEnd, ownDatabase, ownEngine } from './testing/fixture.ts';
import { childEngine } from './testing/child-engine.ts';
import { gate, startWorker, testClient, testEngine, until } from './testing/rig.ts';

test('two engines on one database: the second says who is first and ends', async () => {
  const { url } = await ownDatabase();
  const first = await ownEngine(url);
  const refused = await testEngine(url, { timing: { lockWait: 100 } }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(AppError);
  expect((refused as AppError).message).toMatch(
    /^Another engine already works on this database: connected from .* since /,
  );
  await first.close();
});

test('the second takes over when the first goes in time', async () => {
  const { url } = await ownDatabase();
  const first = await ownEngine(url);
  const second = testEngine(url, { timing: { lockWait: 20_000 } });
  await first.close();
  const engine = await second;
  atEnd(() => engine.close());
  expect((await fetch(`${engine.url}/health`)).status).toBe(200);
});

test('an engine that loses its database session stops, so that no two work at once', async () => {
  const { url, rows } = await ownDatabase();
  const engine = await ownEngine(url);
  await rows.pool.query(
    `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
       and database = (select oid from pg_database where datname = current_database())`,
  );
  expect((await engine.failed).message).not.toBe('');
});

test('SIGTERM with a call in flight: the process ends in order, and the next one makes the call again', async () => {
  const { url, rows } = await ownDatabase();
  const first = await childEngine(url);
  await first.ready();
  const client = testClient(first.url);
  const door = gate();
  let calls = 0;
  const functions = [
    client.createFunction({ id: 'slow', retries: 0, triggers: { event: 'slow/asked' } }, async () => {
      if (++calls === 1) await door.pass();
      return calls;
    }),
  ];
  const worker = await startWorker(client, functions);
  atEnd(() => worker.crash());
  await worker.register();
  await client.send({ name: 'slow/asked' });
  await door.reached;
  first.child.kill('SIGTERM');
  expect(await first.exited).toBe(0);
  const second = await childEngine(url, { port: first.port });
  atEnd(() => second.kill());
  await second.ready();
  expect(await rows.ended('slow')).toMatchObject([{ status: 'completed', output: 2 }]);
  door.open();
});

test('SIGTERM lets a call that ends soon enough be settled', async () => {
  const { url, rows } = await ownDatabase();
  const engine = await childEngine(url);
  await engine.ready();
  const client = testClient(engine.url);
  const door = gate();
  const worker = await startWorker(client, [
    client.createFunction({ id: 'brief', triggers: { event: 'brief/asked' } }, () => door.pass()),
  ]);
  atEnd(() => worker.crash());
  await worker.register();
  await client.send({ name: 'brief/asked' });
  await door.reached;
  engine.child.kill('SIGTERM');
  await until(() => engine.output().includes('stopping'), 'the engine to begin stopping');
  door.open();
  expect(await engine.exited).toBe(0);
  expect(await rows.runs()).toMatchObject([{ status: 'completed' }]);
});

test('the process ends with its parent', async () => {
  const { url } = await ownDatabase();
  const engine = await childEngine(url);
  await engine.ready();
  engine.child.disconnect();
  expect(await engine.exited).toBe(0);
});

test('what is missing or wrong is named on the way out', async () => {
  const missing = await childEngine('', { env: { FLEET_ENGINE_DATABASE_URL: '' } });
  expect(await missing.exited).toBe(1);
  expect(missing.output()).toContain('FLEET_ENGINE_DATABASE_URL');
  const nowhere = await childEngine('postgresql://fleet:hunter2@127.0.0.1:1/none');
  expect(await nowhere.exited).toBe(1);
  expect(nowhere.output()).toContain('ECONNREFUSED');
  expect(nowhere.output()).not.toContain('hunter2');
});
