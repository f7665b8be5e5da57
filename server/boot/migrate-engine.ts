import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import pg from 'pg';
import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum, DriverAdapterError, bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import * as wasm from '@prisma/schema-engine-wasm/schema_engine_bg';

// Prisma's own schema engine, in-process: the native one is a download that no registry has. Its stock PostgreSQL
// adapter falls short in four ways, each mended where it is met below.

const prismaDir = path.resolve(import.meta.dirname, '..', '..', 'prisma');
export const migrationsDir = path.join(prismaDir, 'migrations');
const schemaFile = path.join(prismaDir, 'schema.prisma');

/** The migrations on disk, oldest first, in the engine's form. */
export function readMigrations() {
  const entries = fs.existsSync(migrationsDir) ? fs.readdirSync(migrationsDir, { withFileTypes: true }) : [];
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return {
    baseDir: migrationsDir,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: names.sort().map((name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: {
          tag: 'ok' as const,
          value: fs.readFileSync(path.join(migrationsDir, name, 'migration.sql'), 'utf8'),
        },
      },
    })),
  };
}

const filters = { externalTables: [], externalEnums: [] };

export type SchemaEngine = {
  /** Applies what is missing and returns the names of it. */
  apply(): Promise<string[]>;
  /** SQL that leads from the migrations to schema.prisma; null when they agree. Makes and drops a shadow database. */
  diff(): Promise<string | null>;
  markRolledBack(name: string): Promise<void>;
  close(): Promise<void>;
};

/** Opens the engine on a database, whose owner's URL it needs. */
export async function openSchemaEngine(adminUrl: string): Promise<SchemaEngine> {
  await instantiate();
  const content = fs.readFileSync(schemaFile, 'utf8');
  // The engine itself closes the shadow database's connection only.
  const pools: pg.Pool[] = [];
  const engine = await wasm.SchemaEngine.new(
    { datamodels: [['schema.prisma', content]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(adapterFactory(adminUrl, pools)),
  );
  return {
    async apply() {
      const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList: readMigrations(), filters });
      return appliedMigrationNames;
    },
    async diff() {
      const { stdout, exitCode } = await engine.diff({
        from: { tag: 'migrations', ...readMigrations() },
        to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }] },
        script: true,
        exitCode: true,
        filters,
      });
      return exitCode === 2 ? (stdout ?? '') : null;
    },
    async markRolledBack(name) {
      await engine.markMigrationRolledBack({ migrationName: name });
    },
    async close() {
      engine.free();
      for (const pool of pools.filter(({ ended }) => !ended)) await pool.end();
    },
  };
}

let instantiated: Promise<void> | null = null;

function instantiate(): Promise<void> {
  instantiated ??= (async () => {
    const registry = { set_message: (message: string) => process.stderr.write(`schema engine: ${message}\n`) };
    Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: registry });
    const packaged = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm');
    const file = path.join(path.dirname(packaged), 'schema_engine_bg.wasm');
    const imports = { './schema_engine_bg.js': wasm as unknown as WebAssembly.ModuleImports };
    const { instance } = await WebAssembly.instantiate(fs.readFileSync(file), imports);
    wasm.__wbg_set_wasm(instance.exports);
    (instance.exports['__wbindgen_start'] as (() => void) | undefined)?.();
  })();
  return instantiated;
}

const charOid = 18;
const textOid = 25;

/** Hands "char" columns over as text and remembers which they were: the adapter refuses their type. */
class EnginePool extends pg.Pool {
  chars: boolean[] = [];

  override query = (async (...args: unknown[]) => {
    const plain = super.query as (...args: unknown[]) => Promise<pg.QueryArrayResult>;
    const result = await plain.apply(this, args);
    this.chars = (result.fields ?? []).map((field) => {
      if (field.dataTypeID !== charOid) return false;
      field.dataTypeID = textOid;
      return true;
    });
    return result;
  }) as unknown as pg.Pool['query'];
}

type Connecting = { url: string; pools: pg.Pool[]; afterwards?: () => Promise<void> };

async function connect({ url, pools, afterwards }: Connecting): Promise<SqlDriverAdapter> {
  const pool = new EnginePool({ connectionString: url, max: 1 });
  pools.push(pool);
  const adapter = await new PrismaPg(pool).connect();
  // The stock one splits at every ';', inside $$ too. Sent whole, a script is one transaction.
  adapter.executeScript = async (script) => {
    try {
      await pool.query(script);
    } catch (error) {
      const { code = '', severity = '', message, detail, column, hint } = error as pg.DatabaseError;
      throw new DriverAdapterError({ kind: 'postgres', code, severity, message, detail, column, hint });
    }
  };
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query);
    pool.chars.forEach((isChar, column) => {
      if (isChar) result.columnTypes[column] = ColumnTypeEnum.Character;
    });
    return result;
  };
  adapter.dispose = async () => {
    await pool.end();
    await afterwards?.();
  };
  return adapter;
}

function adapterFactory(adminUrl: string, pools: pg.Pool[]): SqlMigrationAwareDriverAdapterFactory {
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => connect({ url: adminUrl, pools }),
    // The stock one lets the connection string's own database win, so that the shadow would be the real database.
    async connectToShadowDb() {
      const database = `fleet_shadow_${randomUUID().replaceAll('-', '')}`;
      await runOn(adminUrl, `CREATE DATABASE "${database}"`);
      const url = new URL(adminUrl);
      url.pathname = `/${database}`;
      const afterwards = () => runOn(adminUrl, `DROP DATABASE "${database}" WITH (FORCE)`);
      return connect({ url: url.href, pools, afterwards });
    },
  };
}

async function runOn(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
