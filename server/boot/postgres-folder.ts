import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../domain/errors.ts';
import { identify, signalProcess, waitGone } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { serverEnvironment } from './postgres-binaries.ts';
import type { Launcher, PostgresBinaries } from './postgres-binaries.ts';

/** The major version whose data folders this Fleet reads. */
const major = '18';

export const clusterDir = (dataDir: string) => path.join(dataDir, 'pg');

/** Makes the data folder and proves that it can be written. Throws AppError `config_invalid` naming it. */
export function prepareFolder(dataDir: string): void {
  try {
    makeFolder(dataDir);
    const probe = path.join(dataDir, `.probe-${randomUUID()}`);
    fs.writeFileSync(probe, '');
    fs.rmSync(probe);
  } catch (error) {
    throw unusable(
      dataDir,
      `cannot be written (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}). ` +
        `Give it to the user that starts Fleet`,
    );
  }
}

/** Node's own recursive mkdir never returns where a file system answers ENOENT although the parent is there (/proc). */
function makeFolder(dir: string): void {
  if (fs.existsSync(dir)) return;
  makeFolder(path.dirname(dir));
  fs.mkdirSync(dir, { mode: 0o700 });
}

/** True when a cluster of our version is there, false when none is. Another version's is an AppError naming it. */
export function hasCluster(dataDir: string): boolean {
  const dir = clusterDir(dataDir);
  let found: string;
  try {
    found = fs.readFileSync(path.join(dir, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOENT') throw unusable(dir, `cannot be read (${code}). Give it to the user that starts Fleet`);
    if (!fs.existsSync(dir)) return false;
    if (fs.readdirSync(dir).length === 0) return (fs.rmdirSync(dir), false);
    throw unusable(dir, 'is not a PostgreSQL data folder (it has no PG_VERSION). Move it away');
  }
  if (found === major) return true;
  throw unusable(
    dir,
    `was made by PostgreSQL ${found}; this Fleet runs PostgreSQL ${major}. Start it with the Fleet that made it`,
  );
}

/** Creates the cluster beside its final place and renames it, so that a crash leaves no half-made one. */
export function initCluster(options: {
  dataDir: string;
  password: string;
  binaries: PostgresBinaries;
  launcher: Launcher;
}): void {
  const { dataDir, binaries, launcher } = options;
  const fresh = `${clusterDir(dataDir)}.new`;
  const secret = path.join(dataDir, `.pg-password-${randomUUID()}`);
  fs.rmSync(fresh, { recursive: true, force: true });
  fs.mkdirSync(fresh, { mode: 0o700 });
  try {
    fs.writeFileSync(secret, options.password, { mode: 0o600 });
    for (const file of [fresh, secret]) fs.chownSync(file, launcher.owner.uid, launcher.owner.gid);
    const words = [...launcher.prefix, binaries.initdb, '-D', fresh, '-U', 'postgres', '--pwfile', secret];
    words.push('-A', 'scram-sha-256', '-E', 'UTF8', '--locale-provider=builtin', '--locale=C.UTF-8');
    const made = spawnSync(words[0] ?? '', words.slice(1), {
      ...launcher.ids,
      env: serverEnvironment,
      cwd: launcher.ids.uid === undefined ? dataDir : '/',
      encoding: 'utf8',
    });
    if (made.status !== 0) {
      throw unusable(dataDir, `does not take a database: ${lastLine(made.stderr) || made.error?.message || ''}`);
    }
  } finally {
    fs.rmSync(secret, { force: true });
  }
  fs.renameSync(fresh, clusterDir(dataDir));
}

/** Makes the folder the launcher's: needed when an earlier start ran under another user. */
export function ownCluster(dataDir: string, launcher: Launcher): void {
  const dir = clusterDir(dataDir);
  const { uid, gid } = launcher.owner;
  const isRoot = process.getuid?.() === 0;
  if (launcher.ids.uid !== undefined) {
    fs.chmodSync(dataDir, fs.statSync(dataDir).mode | 0o011);
    const entered = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', dataDir], { ...launcher.ids, env: serverEnvironment });
    if (entered.status !== 0) {
      throw unusable(
        dataDir,
        'cannot be entered by the user postgres, as which the database must run here. Use one outside of root’s home',
      );
    }
  }
  if (!fs.existsSync(dir) || fs.statSync(dir).uid === uid) return;
  if (!isRoot) throw unusable(dir, 'belongs to another user. Give it to the user that starts Fleet');
  execFileSync('chown', ['-R', `${uid}:${gid}`, dir]);
}

/** The server that runs in this folder, by its own pid file; null when there is none. */
export async function findServer(dataDir: string): Promise<{ process: ProcessIdentity; port: number } | null> {
  const dir = clusterDir(dataDir);
  const file = path.join(dir, 'postmaster.pid');
  if (!fs.existsSync(file)) return null;
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  const pid = Number(lines[0]);
  const alive = Number.isInteger(pid) && pid > 0 ? identify(pid) : null;
  if (alive !== null && runsIn(pid, dir)) return { process: alive, port: Number(lines[3]) };
  await orphansGone(dir);
  // Only now is removing the file safe: PostgreSQL would take a reused pid for a live server, and backends of a killed
  // one must be gone before another starts.
  fs.rmSync(file, { force: true });
  return null;
}

/** Asks the server to end, disconnecting its clients; a server that hangs is told to drop everything, never killed. */
export async function endServer(server: ProcessIdentity): Promise<void> {
  signalProcess(server, 'SIGINT');
  if (await waitGone(server, 30_000)) return;
  signalProcess(server, 'SIGQUIT');
  if (await waitGone(server, 30_000)) return;
  throw new AppError(
    'unavailable',
    `PostgreSQL (pid ${server.pid}) does not end. Look at its log, then stop it by hand.`,
  );
}

function runsIn(pid: number, dir: string): boolean {
  if (process.platform !== 'linux') {
    const command = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
    return command.includes('postgres') && command.includes(dir);
  }
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`) === fs.realpathSync(dir);
  } catch {
    return false;
  }
}

/** Backends of a killed server end by themselves within moments. */
async function orphansGone(dir: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const left = () => fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name) && runsIn(Number(name), dir));
  for (const end = Date.now() + 20_000; left().length > 0; await sleep(50)) {
    if (Date.now() > end) {
      throw new AppError(
        'unavailable',
        `Processes of an earlier PostgreSQL still work in ${dir} (pid ${left().join(', ')}). Stop them and start again.`,
      );
    }
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

export function unusable(folder: string, what: string): AppError {
  return new AppError(
    'config_invalid',
    `The data folder ${folder} ${what}. Another folder: FLEET_DATA_DIR=/path/to/folder npm start`,
    { folder },
  );
}
