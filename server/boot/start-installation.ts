import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import getPort from 'get-port';
import { loadConfig } from '../config/config.ts';
import { masterKeysOf } from '../config/master-keys.ts';
import { readExtraCa } from '../config/network-config.ts';
import type { Config, Env } from '../config/config.ts';
import type { SandboxHealth } from '../domain/ports/sandbox.ts';
import { ensureBuild } from './build.ts';
import { superviseChild } from './children.ts';
import type { ChildSpec } from './children.ts';
import { claimDataFolder } from './claim-data-folder.ts';
import type { DataFolderClaim } from './claim-data-folder.ts';
import { superviseDatabase } from './database-service.ts';
import type { DatabaseService } from './database-service.ts';
import { installationChildren } from './installation-children.ts';
import type { Wiring } from './installation-children.ts';
import { mustKnowMasterKeys } from './know-master-keys.ts';
import { openInstallation, readInstallation } from './installation.ts';
import type { Installation } from './installation.ts';
import { applyMigrations, ensureRoles } from './migrate.ts';
import { prepareFolder } from './postgres-folder.ts';
import { preflight } from './preflight.ts';
import type { Machine } from './preflight.ts';
import { endProcess } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { superviseServices } from './supervisor.ts';
import type { Supervisor } from './supervisor.ts';
import { thisMachine } from './this-machine.ts';

export type OwnerLinkRequest = { appUrl: string; publicUrl: string; secret: string; now: Date };

export type StartOptions = {
  /** What configures the installation and what its processes inherit. */
  env: Env;
  onProgress: (line: string) => void;
  /** Instead of FLEET_DATA_DIR. */
  dataDir?: string;
  /** Beside any other installation: free ports, and its own database, engine and address whatever `env` says. */
  freePorts?: boolean;
  /** Aborting stops what was started and makes the start reject with the signal's reason. */
  signal?: AbortSignal;
  /** Runs one real command in one real sandbox of this data folder. */
  probeSandbox(dataDir: string): Promise<SandboxHealth>;
  createOwnerLink(request: OwnerLinkRequest): Promise<string>;
  /** The processes to run, instead of the installation's own, and no production build for them. */
  children?: (wiring: Wiring) => ChildSpec[];
  machine?: Machine;
  /** Settings of the embedded PostgreSQL over the usual ones. */
  databaseSettings?: Record<string, string>;
};

export type RunningInstallation = {
  config: Config;
  /** Where a browser on this machine or, with FLEET_PUBLIC_URL, anywhere opens it. */
  url: string;
  dataDir: string;
  /** URL of the database as the app's own role. */
  appUrl: string;
  /** The processes by name: PostgreSQL, engine, worker, web. */
  pids(): Record<string, number>;
  /** A new one-time sign-in link for the operator; earlier ones are void. */
  ownerLink(): Promise<string>;
  /** Stops web, worker, engine and PostgreSQL, in this order, each within its limit. Idempotent. */
  stop(): Promise<void>;
  /** Ends everything at once; the next start recovers. */
  kill(): void;
};

const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const logLimit = 10 * 1024 * 1024;
const ofAnotherInstallation = new Set([
  'DATABASE_URL',
  'FLEET_PUBLIC_URL',
  'FLEET_WORKER_PORT',
  'FLEET_ENGINE_PORT',
  'INNGEST_BASE_URL',
  'INNGEST_EVENT_KEY',
  'INNGEST_SIGNING_KEY',
  'NEXTAUTH_URL',
  'SMTP_URL',
]);

/**
 * Checks the machine, brings database and build up to date and starts every process of the installation; resolves when
 * all of them answer. Throws AppError saying what to do; nothing keeps running then.
 */
export async function startInstallation(options: StartOptions): Promise<RunningInstallation> {
  const { onProgress: say, signal = new AbortController().signal } = options;
  const env = await ownEnvironment(options);
  const config = loadConfig(env);
  readExtraCa(config.network);
  const claimed: { claim: DataFolderClaim | null } = { claim: null };
  try {
    await preflight({
      config,
      say,
      machine: options.machine ?? thisMachine(),
      probeSandbox: () => options.probeSandbox(config.dataDir),
      openDataFolder: async () => {
        claimed.claim = await openDataFolder(config, say);
      },
    });
    signal.throwIfAborted();
    const claim = claimed.claim as DataFolderClaim | null;
    if (claim === null) throw new Error('preflight did not open the data folder');
    return await bringUp({ ...options, signal, env, config, claim });
  } catch (error) {
    claimed.claim?.release();
    throw error;
  }
}

type BringUp = StartOptions & { signal: AbortSignal; config: Config; claim: DataFolderClaim };

async function bringUp(up: BringUp): Promise<RunningInstallation> {
  const { config, claim, signal, onProgress: say } = up;
  const secrets = openInstallation(config.dataDir, new Date());
  if (up.children === undefined) {
    await ensureBuild({ root: projectRoot, env: up.env, logFile: openLog(config, 'build'), say, signal });
  }
  const supervisor = superviseServices((line) => say(`  ${line}`));
  const stopEarly = () => void supervisor.stop();
  signal.addEventListener('abort', stopEarly, { once: true });
  try {
    const { wiring, whenPossible } = await startDatabase(up, secrets, supervisor);
    claim.recordAppUrl(wiring.appUrl);
    for (const spec of (up.children ?? installationChildren)(wiring)) {
      const record = (identity: ProcessIdentity | null) => claim.recordChild(spec.name, identity);
      await supervisor.run(superviseChild(spec, { logFile: openLog(config, spec.name), say, record, whenPossible }));
      say(`✓ ${spec.name} runs`);
    }
    signal.throwIfAborted();
    return running(up, { wiring, supervisor });
  } catch (error) {
    await supervisor.stop();
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', stopEarly);
  }
}

type Ready = { wiring: Wiring; whenPossible: () => Promise<void> };

async function startDatabase(up: BringUp, secrets: Installation, supervisor: Supervisor): Promise<Ready> {
  const { config, onProgress: say } = up;
  const embedded = config.databaseUrl === null ? await startEmbedded(up, secrets, supervisor) : null;
  const adminUrl = config.databaseUrl ?? embedded?.adminUrl() ?? '';
  const { appPassword, enginePassword } = secrets;
  const { appUrl, engineUrl } = await ensureRoles({ adminUrl, appPassword, enginePassword });
  const { applied } = await applyMigrations({ adminUrl });
  await mustKnowMasterKeys(appUrl, masterKeysOf(config)());
  say(applied.length === 0 ? '✓ database is up to date' : `✓ database: ${applied.length} migrations applied`);
  const workerPort = config.workerPort ?? (await getPort({ host: '127.0.0.1' }));
  const enginePort =
    config.inngestBaseUrl === null ? (config.enginePort ?? (await getPort({ host: '127.0.0.1' }))) : null;
  return {
    wiring: { root: projectRoot, env: up.env, config, secrets, appUrl, engineUrl, workerPort, enginePort },
    whenPossible: async () => embedded?.whenUp(),
  };
}

async function startEmbedded(up: BringUp, secrets: Installation, supervisor: Supervisor): Promise<DatabaseService> {
  const { config, onProgress: say, databaseSettings: settings } = up;
  const database = superviseDatabase({ dataDir: config.dataDir, password: secrets.postgresPassword, say, settings });
  await supervisor.run(database);
  say('✓ PostgreSQL runs');
  return database;
}

function running(up: BringUp, parts: { wiring: Wiring; supervisor: Supervisor }): RunningInstallation {
  const { config, claim } = up;
  const { wiring, supervisor } = parts;
  const secret = config.nextAuthSecret ?? wiring.secrets.nextAuthSecret;
  return {
    config,
    url: config.publicUrl,
    dataDir: config.dataDir,
    appUrl: wiring.appUrl,
    pids: () => supervisor.pids(),
    ownerLink: () =>
      up.createOwnerLink({ appUrl: wiring.appUrl, publicUrl: config.publicUrl, secret, now: new Date() }),
    stop: () => supervisor.stop().finally(() => claim.release()),
    kill: () => supervisor.kill(),
  };
}

/** Proves that the folder is writable and of this version, makes it ours and ends what a killed start left running. */
async function openDataFolder(config: Config, say: (line: string) => void): Promise<DataFolderClaim> {
  prepareFolder(config.dataDir);
  readInstallation(config.dataDir);
  const claim = claimDataFolder({ dataDir: config.dataDir, url: config.publicUrl, now: new Date() });
  for (const { name, identity } of claim.orphans) {
    say(`  ending ${name} (process ${identity.pid}), which a killed start left behind`);
    await endProcess(identity, { signal: 'SIGTERM', graceMs: 5_000 });
    claim.recordChild(name, null);
  }
  return claim;
}

async function ownEnvironment({ env, dataDir, freePorts }: StartOptions): Promise<Env> {
  const placed = dataDir === undefined ? env : { ...env, FLEET_DATA_DIR: dataDir };
  if (freePorts !== true) return placed;
  const kept = Object.entries(placed).filter(([name]) => !ofAnotherInstallation.has(name));
  return { ...Object.fromEntries(kept), HOST: '127.0.0.1', PORT: String(await getPort({ host: '127.0.0.1' })) };
}

function openLog(config: Config, name: string): string {
  const file = path.join(config.dataDir, 'logs', `${name}.log`);
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  if (fs.existsSync(file) && fs.statSync(file).size > logLimit) fs.renameSync(file, `${file}.1`);
  return file;
}
