import { runMigrations } from 'graphile-worker';
import type { Logger } from 'graphile-worker';
import type { Pool } from 'pg';
import { engineMigrations } from './schema.sql.ts';

/** Brings the schemas `graphile_worker` and `engine` up to date. The caller holds the engine lock. */
export async function migrateEngine(pool: Pool, logger: Logger): Promise<void> {
  await runMigrations({ pgPool: pool, logger });
  await pool.query(`
    create schema if not exists engine;
    create table if not exists engine.migration (version int primary key, applied_at timestamptz not null default now())`);
  const { rows } = await pool.query<{ version: number }>(
    'select coalesce(max(version), 0) as version from engine.migration',
  );
  const done = rows[0]?.version ?? 0;
  for (const [index, sql] of engineMigrations.entries()) {
    // Sent as one text, it is one transaction: a migration that fails leaves nothing behind.
    if (index >= done) await pool.query(`${sql}; insert into engine.migration (version) values (${index + 1})`);
  }
}
