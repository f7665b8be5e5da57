import { processEnvironment } from '../config/config.ts';
import { AppError } from '../domain/errors.ts';
import { commandRunner } from './run-command.ts';
import type { RunCommand } from './run-command.ts';

/** Debian's name of each program the installation or its tests run, and the commands that prove it is there. */
const packages = {
  git: ['git'],
  bubblewrap: ['bwrap'],
  ripgrep: ['rg'],
  socat: ['socat'],
  python3: ['python3'],
  make: ['make'],
  podman: ['podman'],
  runc: ['runc'],
  chromium: ['chromium', 'chromium-browser', 'google-chrome'],
} as const satisfies Record<string, readonly string[]>;

export type PackageName = keyof typeof packages;
export type PackageFinding = { name: PackageName; version: string | null };

type InstallDeps = { run: RunCommand; isRoot: boolean; say: (line: string) => void };

/** Which of the packages are there; `version` is null for one that is not. */
export async function findPackages(names: readonly PackageName[], run: RunCommand): Promise<PackageFinding[]> {
  return Promise.all(names.map(async (name) => ({ name, version: await findVersion(packages[name], run) })));
}

/**
 * Installs the packages through apt-get where this process may.
 * Throws AppError `unavailable` with the exact line a person must run where it may not, or where installing failed.
 */
export async function installPackages(names: readonly PackageName[], deps: InstallDeps): Promise<void> {
  const hasApt = !(await deps.run('apt-get', ['--version'])).missing;
  if (!hasApt || !deps.isRoot) throw new AppError('unavailable', installByHand(names, hasApt), { packages: names });
  deps.say(`  installing ${names.join(', ')} with apt-get …`);
  const install = () =>
    deps.run('apt-get', ['install', '-y', '--no-install-recommends', ...names], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
      timeoutMs: 600_000,
    });
  if ((await install()).code === 0) return;
  deps.say('  refreshing the package lists with apt-get update …');
  await deps.run('apt-get', ['update'], { timeoutMs: 300_000 });
  const second = await install();
  if (second.code === 0) return;
  const why = second.stderr.trim().split('\n').slice(-3).join('\n  ');
  throw new AppError(
    'unavailable',
    `apt-get could not install ${names.join(', ')}:\n  ${why}\n${installByHand(names, true)}`,
    {
      packages: names,
    },
  );
}

/** Makes sure the named packages are installed, for the tests; errors as `installPackages`. Unknown names are refused. */
export async function ensurePackages(names: readonly string[]): Promise<void> {
  const known = names.map((name) => {
    if (!Object.hasOwn(packages, name)) throw new AppError('invalid_input', `No package ${name} is known here.`);
    return name as PackageName;
  });
  const run = commandRunner(processEnvironment());
  const missing = (await findPackages(known, run)).filter(({ version }) => version === null).map(({ name }) => name);
  if (missing.length === 0) return;
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  await installPackages(missing, { run, isRoot: process.getuid?.() === 0, say });
}

function installByHand(names: readonly PackageName[], hasApt: boolean): string {
  if (!hasApt) return `Install ${names.join(', ')} with your system's package manager, then start again.`;
  return `Run this, then start again:\n  sudo apt-get update && sudo apt-get install -y ${names.join(' ')}`;
}

async function findVersion(commands: readonly string[], run: RunCommand): Promise<string | null> {
  for (const command of commands) {
    const { missing, code, stdout } = await run(command, command === 'socat' ? ['-V'] : ['--version']);
    if (missing || code !== 0) continue;
    return /\d+(?:\.\d+)+/.exec(stdout)?.[0] ?? 'of unknown version';
  }
  return null;
}
