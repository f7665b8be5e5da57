import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { openDatabase } from '../db/connect.ts';
import type { Database } from '../db/connect.ts';

export type TestDatabase = {
  /** As the processes have it: role fleet_app. */
  database: Database;
  appUrl: string;
  engineUrl: string;
  /** The superuser's: passes row-level security, owns the tables. */
  adminUrl: string;
  /** Runs SQL as the superuser. */
  admin<R extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<R[]>;
};

const opened: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const close of opened.splice(0)) await close();
});

/** A database of the calling test file's own, migrated and empty; it goes when the file is done. */
export async function testDatabase(): Promise<TestDatabase> {
  const { adminUrl: serverUrl, template, appPassword, enginePassword } = inject('postgres');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const on = (database: string, user?: { name: string; password: string }) => {
    const url = new URL(serverUrl);
    url.pathname = `/${database}`;
    if (user) Object.assign(url, { username: user.name, password: user.password });
    return url.href;
  };
  await run(
    on('postgres'),
    `create database ${name} template ${template};`,
    `grant create on database ${name} to fleet_engine;`,
    `alter role fleet_engine in database ${name} set search_path = engine`,
  );
  const adminUrl = on(name);
  const appUrl = on(name, { name: 'fleet_app', password: appPassword });
  const engineUrl = on(name, { name: 'fleet_engine', password: enginePassword });
  const admin = new pg.Pool({ connectionString: adminUrl, max: 1 });
  admin.on('error', () => {});
  const database = openDatabase({ appUrl });
  opened.push(async () => {
    await database.close();
    await admin.end();
    await run(on('postgres'), `drop database ${name} with (force)`);
  });
  return {
    database,
    appUrl,
    engineUrl,
    adminUrl,
    admin: async (sql, values) => (await admin.query(sql, values)).rows,
  };
}

async function run(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
