import { randomBytes } from 'node:crypto';
import { accessSync, constants, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { applyMigrations, ensureRoles } from '../server/boot/migrate.ts';
import { startPostgres } from '../server/boot/postgres.ts';
import type { Closing } from './harness.ts';

/** Where a contestant does its work; the same server for all. */
export type Place = {
  /** Throw-away folder on a real disk: cluster, mirrors, work trees. */
  dataDir: string;
  adminUrl: string;
  appUrl: string;
  engineUrl: string;
  /** Another database, empty, for those who are not us. */
  peerUrl: string;
};

/** A place for contestants that need no database. */
export function openBenchFolder(closing: Closing): Place {
  const dataDir = mkdtempSync(join(diskFolder(), 'fleet-bench-'));
  closing(async () => rmSync(dataDir, { recursive: true, force: true }));
  return { dataDir, adminUrl: '', appUrl: '', engineUrl: '', peerUrl: '' };
}

/** What every commit of every contestant waits for. */
const durability = ['fsync', 'synchronous_commit', 'full_page_writes'];

/** A file system in memory: an fsync there costs nothing. */
const tmpfs = 0x01021994;

/** Starts the embedded PostgreSQL as an installation does, migrated, every durability setting at its default: on. */
export async function openBenchDatabase(closing: Closing): Promise<{ place: Place; notes: string[] }> {
  const dataDir = mkdtempSync(join(diskFolder(), 'fleet-bench-'));
  const remove = async () => rmSync(dataDir, { recursive: true, force: true });
  closing(remove);
  const password = randomBytes(16).toString('hex');
  const postgres = await startPostgres({ dataDir, password });
  // The server is detached and would outlive a Ctrl-C.
  const interrupted = () => {
    const left = postgres.stop().finally(remove);
    void left.finally(() => process.exit(130));
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  closing(async () => {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await postgres.stop();
  });
  const { adminUrl } = postgres;
  const { appUrl, engineUrl } = await ensureRoles({ adminUrl, appPassword: password, enginePassword: password });
  await applyMigrations({ adminUrl });
  const peerUrl = await makeDatabase(adminUrl, 'bench_peers');
  await withClient(adminUrl, fillLog);
  const server = await assertDurable([appUrl, engineUrl, peerUrl]);
  return { place: { dataDir, adminUrl, appUrl, engineUrl, peerUrl }, notes: [server] };
}

/** `/var/tmp` is kept over a restart, so it is on a disk where there is one; `/tmp` often is not. */
function diskFolder(): string {
  const onDisk = ['/var/tmp', tmpdir(), process.cwd()].find((folder) => {
    try {
      accessSync(folder, constants.W_OK);
      return statfsSync(folder).type !== tmpfs;
    } catch {
      return false;
    }
  });
  if (!onDisk) throw new Error('No writable folder on a disk: durable writes cannot be measured in memory.');
  return onDisk;
}

/** Asserts what the server waits for before a commit is answered, for every role that is measured. */
async function assertDurable(urls: string[]): Promise<string> {
  const shown = await Promise.all(urls.map((url) => withClient(url, showDurability)));
  const [first = ''] = shown;
  if (shown.some((one) => one !== first) || first.includes('off')) {
    throw new Error(`The server is not as durable as the benchmark needs it: ${shown.join('; ')}.`);
  }
  return first;
}

/** More than a row writes, in files of 16 MB. */
const logFiles = 12;

/**
 * Lets the server have the log files of one that has been at work, which are used again. A new one makes each as it comes upon the end of
 * the last, and every commit waits: that would be measured in whichever contestant's block it falls.
 */
async function fillLog(client: pg.Client): Promise<void> {
  for (let n = 0; n < logFiles; n += 1) {
    await client.query(`select pg_logical_emit_message(false, 'bench', 'x')`);
    await client.query('select pg_switch_wal()');
  }
  await client.query('checkpoint');
}

async function showDurability(client: pg.Client): Promise<string> {
  const values: string[] = [];
  for (const name of ['server_version', ...durability]) {
    const { rows } = await client.query<Record<string, string>>(`show ${name}`);
    values.push(`${name} ${rows[0]?.[name]}`);
  }
  return `PostgreSQL: ${values.join(', ')}`;
}

async function makeDatabase(adminUrl: string, name: string): Promise<string> {
  await withClient(adminUrl, (client) => client.query(`create database ${name}`));
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
