import { limitWords } from '../domain/engines/limit-words.ts';
import { AppError } from '../domain/errors.ts';
import type { SandboxHealth } from '../domain/ports/sandbox.ts';
import type { Config } from '../config/config.ts';
import { findPackages, installPackages } from './packages.ts';
import type { PackageName } from './packages.ts';
import type { RunCommand } from './run-command.ts';
import { databaseTrouble, oldestDatabase } from './database-advice.ts';
import { otherSystem, portTrouble } from './preflight-advice.ts';

/** The machine as preflight sees it: everything it asks, so that every answer can be tried. */
export type Machine = {
  /** As Node names it: linux, darwin, win32 … */
  platform: string;
  nodeVersion: string;
  isRoot: boolean;
  run: RunCommand;
  freeBytes(folder: string): Promise<number>;
  /** Null when the address can be listened on, else the system's error code. */
  listenError(host: string, port: number): Promise<string | null>;
  /** `server_version_num` and `server_version`; rejects as the driver does. */
  databaseVersion(url: string): Promise<{ number: number; text: string }>;
};

export type PreflightRequest = {
  config: Config;
  machine: Machine;
  say: (line: string) => void;
  /** Makes the data folder ready and this process its only user; throws AppError with what to do. */
  openDataFolder(): Promise<void>;
  probeSandbox(): Promise<SandboxHealth>;
};

type Finding = { ok: boolean; text: string; fix?: string };

/** What the sandbox consists of, and what repositories find in it beside Node. */
const needed: readonly PackageName[] = ['git', 'bubblewrap', 'ripgrep', 'socat', 'python3', 'make'];
const leastFreeBytes = 1024 ** 3;

/**
 * Looks at everything a start needs and says each thing in one line. Missing programs are installed where possible.
 * Throws AppError when anything is wrong, after all has been said.
 */
export async function preflight(request: PreflightRequest): Promise<void> {
  const failed: string[] = [];
  const tell = (finding: Finding) => {
    request.say(`${finding.ok ? '✓' : '✗'} ${finding.text}`);
    if (finding.ok) return;
    failed.push(finding.text);
    for (const line of (finding.fix ?? '').split('\n').filter((text) => text !== '')) request.say(`    ${line}`);
  };
  tell(checkNode(request.machine.nodeVersion));
  const system = checkSystem(request.machine.platform);
  if (system !== null) tell(system);
  await openDataFolder(request);
  tell(await checkDisk(request));
  tell(await checkPort(request));
  tell(await checkDatabase(request));
  if (system === null) await checkWalls(request, { tell, mayInstall: failed.length === 0 });
  if (failed.length > 0) {
    const what = failed.length === 1 ? 'the line marked ✗ above' : `the ${failed.length} lines marked ✗ above`;
    throw new AppError('unavailable', `Fleet was not started: ${what} must be mended first.`, { failed });
  }
}

type Telling = { tell(finding: Finding): void; mayInstall: boolean };

async function checkWalls(request: PreflightRequest, { tell, mayInstall }: Telling): Promise<void> {
  const programs = (await checkPrograms(request, mayInstall)).map(tooOld);
  programs.forEach(tell);
  if (programs.every(({ ok }) => ok)) tell(await checkSandbox(request));
}

/** Null on Linux. An engine elsewhere can hold the sandboxes, but not the git that looks at what they made. */
function checkSystem(platform: string): Finding | null {
  const other = otherSystem(platform);
  return other === null ? null : { ok: false, ...other };
}

function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return { ok: true, text: `Node ${version.replace(/^v/, '')}` };
  return {
    ok: false,
    text: `Node ${version.replace(/^v/, '')} is too old: 22.18 or later is needed`,
    fix: 'Run npm ci (it brings Node 24 along on Linux) and start with npm start.',
  };
}

/** Nothing else can be told about an installation whose data folder is another's or cannot be used: it ends here. */
async function openDataFolder({ config, say, openDataFolder: open }: PreflightRequest): Promise<void> {
  try {
    await open();
    say(`✓ data folder ${config.dataDir}`);
  } catch (error) {
    say(`✗ data folder ${config.dataDir}`);
    throw error;
  }
}

async function checkDisk({ config, machine }: PreflightRequest): Promise<Finding> {
  const free = await machine.freeBytes(config.dataDir);
  const text = `${(free / 1024 ** 3).toFixed(1)} GB free on the data folder's disk`;
  if (free >= leastFreeBytes) return { ok: true, text };
  return {
    ok: false,
    text: `only ${text}`,
    fix: 'At least 1 GB is needed. Free some, or use another disk: FLEET_DATA_DIR=/path/to/folder npm start',
  };
}

async function checkPort({ config, machine }: PreflightRequest): Promise<Finding> {
  const code = await machine.listenError(config.host, config.port);
  if (code === null) return { ok: true, text: `port ${config.port} on ${config.host} is free` };
  let other = config.port + 1;
  if (code === 'EADDRINUSE') {
    while (other < config.port + 50 && (await machine.listenError(config.host, other)) !== null) other += 1;
  }
  return { ok: false, ...portTrouble({ code, host: config.host, port: config.port, other }) };
}

async function checkDatabase({ config, machine }: PreflightRequest): Promise<Finding> {
  if (config.databaseUrl === null) return { ok: true, text: 'PostgreSQL: the embedded server' };
  const { host } = new URL(config.databaseUrl);
  try {
    const version = await machine.databaseVersion(config.databaseUrl);
    if (version.number >= oldestDatabase.number) return { ok: true, text: `PostgreSQL ${version.text} at ${host}` };
    return {
      ok: false,
      text: `DATABASE_URL: PostgreSQL ${version.text} at ${host} is too old`,
      fix: `PostgreSQL ${oldestDatabase.name} or later is needed. Upgrade it, or unset DATABASE_URL to use the embedded server.`,
    };
  } catch (error) {
    return { ok: false, ...databaseTrouble(config.databaseUrl, error) };
  }
}

async function checkPrograms(request: PreflightRequest, mayInstall: boolean): Promise<Finding[]> {
  const { machine, say } = request;
  const found = await findPackages(needed, machine.run);
  const missing = found.filter(({ version }) => version === null).map(({ name }) => name);
  if (missing.length === 0) return found.map(({ name, version }) => ({ ok: true, text: `${name} ${version}` }));
  if (!mayInstall)
    return found.map(({ name, version }) => ({ ok: version !== null, text: `${name} ${version ?? 'is missing'}` }));
  try {
    await installPackages(missing, { run: machine.run, isRoot: machine.isRoot, say });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return found.map(({ name, version }) => ({
      ok: version !== null,
      text: `${name} ${version ?? 'is missing'}`,
      fix: name === missing.at(-1) ? error.message : undefined,
    }));
  }
  const after = await findPackages(needed, machine.run);
  return after.map(({ name, version }) => ({
    ok: version !== null,
    text: `${name} ${version ?? 'is missing although apt-get installed it: is its folder in PATH?'}`,
  }));
}

/** Older gits lack `merge-tree --write-tree` and `patch-id --verbatim`. */
function tooOld(finding: Finding): Finding {
  const [, major, minor] = /^git (\d+)\.(\d+)/.exec(finding.text) ?? [];
  if (!finding.ok || major === undefined || Number(major) * 1000 + Number(minor) >= 2039) return finding;
  const fix =
    'Debian 12, Ubuntu 24.04 and everything newer have one. On Ubuntu 22.04:\n' +
    'sudo add-apt-repository -y ppa:git-core/ppa && sudo apt-get update && sudo apt-get install -y git';
  return { ok: false, text: `${finding.text} is too old: 2.39 or later is needed`, fix };
}

async function checkSandbox({ probeSandbox }: PreflightRequest): Promise<Finding> {
  const health = await probeSandbox().catch((error: unknown) => ({
    ok: false,
    detail: error instanceof Error ? error.message : String(error),
    limits: null,
  }));
  if (!health.ok || health.limits === null) {
    const [what = '', ...advice] = health.detail.split('\n');
    return { ok: false, text: `sandbox: ${what}`, fix: advice.join('\n') };
  }
  return { ok: true, text: `sandbox: ${health.detail}\n    ${limitWords(health.limits)}` };
}
