import pg from 'pg';
import { AppError } from '../domain/errors.ts';
import { seedPrices } from '../db/seed-prices.ts';
import { openSchemaEngine, readMigrations } from './migrate-engine.ts';
import type { SchemaEngine } from './migrate-engine.ts';

export { ensureRoles } from './migrate-roles.ts';

/** Any number will do as long as nothing else of ours locks it. */
const migrationLock = 7_203_114_905;

/**
 * Brings a database to the newest schema and price list; several processes at once are fine, a crash midway is healed
 * by the next call. The roles must exist (`ensureRoles`). Returns the names of the migrations it applied.
 */
export async function applyMigrations(options: { adminUrl: string }): Promise<{ applied: string[] }> {
  const client = new pg.Client({ connectionString: options.adminUrl });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    const engine = await openSchemaEngine(options.adminUrl);
    try {
      await releaseUnfinished(client, engine);
      await refuseNewer(client);
      const applied = await apply(client, engine);
      await seedPrices(client);
      return { applied };
    } finally {
      await engine.close();
    }
  } finally {
    await client.end();
  }
}

async function apply(client: pg.Client, engine: SchemaEngine): Promise<string[]> {
  try {
    return await engine.apply();
  } catch (error) {
    await releaseUnfinished(client, engine);
    // The engine adds a trace of its own insides.
    const message =
      (error as Error).message
        .split(/\n\s+0: /)[0]
        ?.split('\n')
        .at(-1) ?? '';
    if (message.includes('schema is not empty')) {
      throw new AppError(
        'config_invalid',
        'DATABASE_URL: this database holds tables that are not Fleet’s. Give Fleet one of its own: createdb fleet',
      );
    }
    throw new AppError(
      'unavailable',
      `The database could not be brought to this version. ${message}. Nothing of the failed step was kept; ` +
        'start the earlier version again or restore a backup.',
    );
  }
}

/** A database that a newer Fleet has changed is not for this one, which would read its rows wrongly. */
async function refuseNewer(client: pg.Client): Promise<void> {
  const known = new Set(readMigrations().migrationDirectories.map(({ path }) => path));
  const unknown = (await finished(client)).filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new AppError(
    'config_invalid',
    `This database was last used by a newer Fleet: it has ${unknown.join(', ')}, which this version does not know. ` +
      'Start that version or a later one. To use this version, give it a database of its own (DATABASE_URL) or another ' +
      'folder (FLEET_DATA_DIR), or restore a backup from before the update.',
  );
}

async function finished(client: pg.Client): Promise<string[]> {
  const table = await client.query("select to_regclass('public._prisma_migrations') as name");
  if (table.rows[0].name === null) return [];
  const { rows } = await client.query<{ migration_name: string }>(
    'select migration_name from _prisma_migrations where finished_at is not null and rolled_back_at is null order by 1',
  );
  return rows.map(({ migration_name }) => migration_name);
}

/** A migration runs as one transaction, so one that did not finish left nothing: only its row stands in the way. */
async function releaseUnfinished(client: pg.Client, engine: SchemaEngine): Promise<void> {
  const table = await client.query("select to_regclass('public._prisma_migrations') as name");
  if (table.rows[0].name === null) return;
  const { rows } = await client.query<{ migration_name: string }>(
    'select migration_name from _prisma_migrations where finished_at is null and rolled_back_at is null',
  );
  for (const row of rows) await engine.markRolledBack(row.migration_name);
}
