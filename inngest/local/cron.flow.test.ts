import { expect, test } from 'vitest';
import { rig } from './testing/fixture.ts';
import { until } from './testing/rig.ts';

test('a cron trigger fires once a tick, also when the tick is delivered twice', async () => {
  const { rows, worker } = await rig((app) => [
    app.createFunction({ id: 'clock', triggers: { cron: '* * * * *' } }, ({ event }) => event),
    app.createFunction({ id: 'yearly', triggers: [{ cron: '0 0 1 1 *' }, { event: 'clock/asked' }] }, () => 1),
  ]);
  await worker.register();
  const { pool } = rows;
  const [run] = await until(async () => {
    const runs = await rows.runs();
    return runs.some((each) => each.status === 'completed') ? runs : null;
  }, 'the next minute');
  const output = run?.output as { name: string; data: unknown; ts: number };
  expect(output).toMatchObject({ name: 'inngest/scheduled.timer', data: { cron: '* * * * *' } });
  expect(output.ts % 60_000).toBe(0);

  const payload = { functionId: 'fleet-clock', cron: '* * * * *', _cron: { ts: new Date(output.ts).toISOString() } };
  await pool.query(`select graphile_worker.add_job('cron', $1::json)`, [JSON.stringify(payload)]);
  await until(
    async () => (await pool.query('select from graphile_worker.jobs')).rowCount === 0,
    'the tick delivered again',
  );
  expect(await rows.runs()).toHaveLength(1);
});
