import { expect, test } from 'vitest';
import { rig } from './testing/fixture.ts';
import { until } from './testing/rig.ts';

const upkeep = async (pool: { query(sql: string): Promise<{ rowCount: number | null }> }, task: string) => {
  await pool.query(`select graphile_worker.add_job('${task}')`);
  await until(async () => (await pool.query('select from graphile_worker.jobs')).rowCount === 0, `${task} to be done`);
};

test('runs are forgotten a week after their end, idempotency keys after a day', async () => {
  const { client, rows } = await rig((app) => [
    app.createFunction({ id: 'brief', triggers: { event: 'brief/asked' } }, ({ step }) => step.run('only', () => 1)),
    app.createFunction({ id: 'long', triggers: { event: 'long/asked' } }, ({ step }) => step.sleep('long', '30d')),
  ]);
  const { pool } = rows;
  await client.send([{ id: 'old', name: 'brief/asked' }, { name: 'long/asked' }]);
  await rows.ended('brief');
  await pool.query(`update engine.run set ended_at = ended_at - interval '8 days' where ended_at is not null`);
  await pool.query(`update engine.run set created_at = created_at - interval '8 days'`);
  await client.send({ id: 'old', name: 'brief/asked' });
  expect(await rows.ended('brief')).toHaveLength(1);
  await pool.query(`update engine.dedup set expires_at = now()`);
  await client.send({ id: 'old', name: 'brief/asked' });
  await rows.ended('brief', 2);
  await pool.query(`delete from graphile_worker._private_jobs where key is not null`);
  await upkeep(pool, 'prune');
  expect((await rows.runs()).map((run) => run.function)).toEqual(['fleet-long', 'fleet-brief']);
  expect((await pool.query('select from engine.dedup')).rowCount).toBe(1);
});

test('a call that has lost its job is found and made', async () => {
  const { client, rows } = await rig((app) => [
    app.createFunction({ id: 'lost', triggers: { event: 'lost/asked' } }, async ({ step }) => {
      await step.sleep('a day', '1d');
      return 'found';
    }),
  ]);
  const { pool } = rows;
  await client.send({ name: 'lost/asked' });
  await until(
    async () => (await pool.query(`select from engine.call where kind = 'sleep'`)).rowCount === 1,
    'the sleep',
  );
  await pool.query(`update engine.call set due_at = now() - interval '11 seconds'`);
  await until(async () => {
    await pool.query(`delete from graphile_worker._private_jobs where key is not null`);
    return (await pool.query('select from graphile_worker.jobs')).rowCount === 0;
  }, 'the job to be gone');
  await upkeep(pool, 'mend');
  expect(await rows.ended('lost')).toMatchObject([{ status: 'completed', output: 'found' }]);
});
