import fs from 'node:fs';
import type { TestProject } from 'vitest/node';
import { applyMigrations, ensureRoles } from '../boot/migrate.ts';
import { endServer, findServer } from '../boot/postgres-folder.ts';
import { startPostgres } from '../boot/postgres.ts';
import type { PostgresServer } from '../boot/postgres.ts';
import { identify } from '../boot/process-identity.ts';
import { scratchFolder, scratchFolders } from './scratch-folder.ts';

/** What a test file needs to make a database of its own: the server, and the migrated database to copy. */
export type TestPostgres = { adminUrl: string; template: string; appPassword: string; enginePassword: string };

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- only an interface merges with Vitest's
  interface ProvidedContext {
    postgres: TestPostgres;
    /** Where a drill's dice begin, and whether it takes its whole length. */
    drill: { seed: number; full: boolean; report?: string };
  }
}

type Shared = { server: Promise<{ folder: string; postgres: PostgresServer; provided: TestPostgres }>; users: number };

/** Projects each load this module anew, and all share one server. */
const globals = globalThis as { fleetTestPostgres?: Shared };

export async function setup(project: TestProject): Promise<void> {
  const shared = (globals.fleetTestPostgres ??= { server: start(), users: 0 });
  shared.users += 1;
  project.provide('postgres', (await shared.server).provided);
}

export async function teardown(): Promise<void> {
  const shared = globals.fleetTestPostgres;
  if (!shared || --shared.users > 0) return;
  delete globals.fleetTestPostgres;
  const { folder, postgres } = await shared.server;
  await postgres.stop();
  fs.rmSync(folder, { recursive: true, force: true });
}

async function start() {
  await removeLeftovers();
  const folder = scratchFolder();
  const password = 'test';
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' };
  const postgres = await startPostgres({ dataDir: folder, password, settings });
  const { adminUrl } = postgres;
  try {
    await ensureRoles({ adminUrl, appPassword: password, enginePassword: password });
    await applyMigrations({ adminUrl });
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  const template = new URL(adminUrl).pathname.slice(1);
  return { folder, postgres, provided: { adminUrl, template, appPassword: password, enginePassword: password } };
}

/** A test run that was killed leaves its server and folder; both are known by the pid in the folder's name. */
async function removeLeftovers(): Promise<void> {
  for (const { folder, pid } of scratchFolders()) {
    if (identify(pid) !== null) continue;
    const server = await findServer(folder);
    if (server) await endServer(server.process);
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
