import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import { AppError } from '../domain/errors.ts';
import { chooseLauncher, loadPostgresBinaries, serverEnvironment } from './postgres-binaries.ts';
import { clusterDir, endServer, findServer, hasCluster, initCluster, ownCluster } from './postgres-folder.ts';
import { prepareFolder, unusable } from './postgres-folder.ts';
import { identify, isAlive } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

export type PostgresServer = {
  /** Superuser's URL of the database `fleet`. */
  adminUrl: string;
  pid: number;
  port: number;
  /** True when a server that outlived its supervisor was taken over as it ran. */
  adopted: boolean;
  /** Ends the server and waits until it is gone. Idempotent. */
  stop(): Promise<void>;
};

type StartOptions = {
  dataDir: string;
  /** Superuser's password; used when the cluster is made and ever after. */
  password: string;
  /** Default: the port of the last start, else a free one. */
  port?: number;
  /** Server settings over ours, e.g. `{ fsync: 'off' }` for tests. */
  settings?: Record<string, string>;
  /** Called once when the server ends without `stop`. */
  onExit?: (why: string) => void;
};

/** The server listens on loopback only, and neither statements nor row values reach its log. */
const ownSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '120',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

const logLimit = 10 * 1024 * 1024;

/**
 * Starts the embedded server on `<dataDir>/pg`, making the cluster on first start, and resolves once it answers.
 * One supervisor per data folder is the caller's to ensure. Throws AppError `config_invalid` or `unavailable`.
 */
export async function startPostgres(options: StartOptions): Promise<PostgresServer> {
  const { dataDir, password } = options;
  prepareFolder(dataDir);
  const found = hasCluster(dataDir);
  const running = found ? await findServer(dataDir) : null;
  if (running !== null) {
    const url = urlOf(running.port, password, 'postgres');
    if (await answers(url, running.process)) return handle({ ...options, ...running, adopted: true });
    await endServer(running.process);
  }
  const binaries = await loadPostgresBinaries();
  const launcher = chooseLauncher();
  ownCluster(dataDir, launcher);
  if (!found) initCluster({ dataDir, password, binaries, launcher });
  const port = await choosePort(dataDir, options.port);
  const log = openLog(dataDir);
  const settings = { ...ownSettings, ...options.settings, port: String(port) };
  const words = [...launcher.prefix, binaries.postgres, '-D', clusterDir(dataDir)];
  for (const [name, value] of Object.entries(settings)) words.push('-c', `${name}=${value}`);
  // Its own process group and a log file instead of a pipe: Ctrl-C reaches the supervisor only, and a server whose
  // supervisor was killed keeps running until it is adopted.
  const child = spawn(words[0] ?? '', words.slice(1), {
    ...launcher.ids,
    env: serverEnvironment,
    cwd: clusterDir(dataDir),
    stdio: ['ignore', log.descriptor, log.descriptor],
    detached: true,
  });
  fs.closeSync(log.descriptor);
  await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  child.unref();
  const server = identify(child.pid ?? 0);
  if (server === null || !(await answers(urlOf(port, password, 'postgres'), server))) {
    throw new AppError('unavailable', `PostgreSQL did not start: ${log.lastLine()}. The whole log: ${log.file}`);
  }
  return handle({ ...options, process: server, port, adopted: false });
}

async function handle(
  at: StartOptions & { process: ProcessIdentity; port: number; adopted: boolean },
): Promise<PostgresServer> {
  await createDatabase(urlOf(at.port, at.password, 'postgres'), at.dataDir);
  let stopping: Promise<void> | null = null;
  const watch = setInterval(() => {
    if (isAlive(at.process)) return;
    clearInterval(watch);
    if (stopping === null) at.onExit?.(`PostgreSQL (pid ${at.process.pid}) ended`);
  }, 500);
  watch.unref();
  return {
    adminUrl: urlOf(at.port, at.password, 'fleet'),
    pid: at.process.pid,
    port: at.port,
    adopted: at.adopted,
    stop() {
      stopping ??= endServer(at.process).finally(() => clearInterval(watch));
      return stopping;
    },
  };
}

function urlOf(port: number, password: string, database: string): string {
  return `postgresql://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

/** True once the server takes our password, false when it ends first or takes no connection for a minute. */
async function answers(url: string, server: ProcessIdentity): Promise<boolean> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(20)) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query('select 1');
      return true;
    } catch (error) {
      if ((error as { code?: string }).code === '28P01') {
        throw new AppError(
          'config_invalid',
          'The database refuses the password of installation.json. Restore that file from your backup.',
        );
      }
      if (!isAlive(server)) return false;
    } finally {
      await client.end().catch(() => {});
    }
  }
  return false;
}

async function createDatabase(url: string, dataDir: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rowCount } = await client.query("select from pg_database where datname = 'fleet'");
    if (rowCount === 0) await client.query('create database fleet');
  } catch (error) {
    throw unusable(dataDir, `does not take a database: ${(error as Error).message}`);
  } finally {
    await client.end();
  }
}

const remembered = z.object({ port: z.int().min(1).max(65_535) });

/** The port stays the same from start to start where it can, so that what was noted down keeps working. */
async function choosePort(dataDir: string, wanted: number | undefined): Promise<number> {
  if (wanted !== undefined && !(await isFree(wanted))) {
    throw new AppError('config_invalid', `Port ${wanted}, meant for the database, is taken. Name a free one.`);
  }
  const file = path.join(dataDir, 'pg.json');
  const last = rememberedPort(file);
  const port = wanted ?? (last !== undefined && (await isFree(last)) ? last : await freePort());
  fs.writeFileSync(file, `${JSON.stringify({ port })}\n`, { mode: 0o600 });
  return port;
}

function rememberedPort(file: string): number | undefined {
  try {
    return remembered.parse(JSON.parse(fs.readFileSync(file, 'utf8'))).port;
  } catch {
    return undefined; // a hint only: without it any free port does
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

function openLog(dataDir: string): { descriptor: number; file: string; lastLine(): string } {
  const file = path.join(dataDir, 'logs', 'postgres.log');
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  if (fs.existsSync(file) && fs.statSync(file).size > logLimit) fs.renameSync(file, `${file}.1`);
  const descriptor = fs.openSync(file, 'a', 0o600);
  return { descriptor, file, lastLine: () => fs.readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? '' };
}
