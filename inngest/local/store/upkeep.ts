import type { Pool } from 'pg';

const keepRunsFor = '7 days';

/** Forgets runs that ended a week ago, and idempotency keys whose window is over. */
export async function pruneEngine(pool: Pool): Promise<void> {
  await pool.query(`delete from engine.run where status <> 'active' and ended_at < now() - $1::interval`, [
    keepRunsFor,
  ]);
  await pool.query('delete from engine.dedup where expires_at <= now()');
}

type EngineCounts = { functions: number; activeRuns: number; openCalls: number };

export async function countEngine(pool: Pool): Promise<EngineCounts> {
  const { rows } = await pool.query<EngineCounts>(
    `select (select count(*) from engine.function)::int as functions,
       (select count(*) from engine.run where status = 'active')::int as "activeRuns",
       (select count(*) from engine.call)::int as "openCalls"`,
  );
  return rows[0] ?? { functions: 0, activeRuns: 0, openCalls: 0 };
}
