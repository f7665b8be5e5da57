import type { Folder, Part } from './source-tree.ts';
import { toolFolder } from './tool-places.ts';

type Manifest = {
  scripts?: Record<string, unknown>;
  dependencies?: object;
  devDependencies?: object;
  optionalDependencies?: object;
  workspaces?: unknown;
  packageManager?: unknown;
};

/** npm, pnpm and yarn, by lockfile. */
export function findNode(folder: Folder): Part | null {
  if (!folder.has('package.json')) return null;
  const manifest = readManifest(folder.text('package.json'));
  const manager = managerOf(folder, manifest);
  const run = (script: string) => (hasScript(manifest, script) ? `${manager} run ${script}` : null);
  return {
    ...installs[manager](folder, manifest),
    manager,
    registries: ['npm'],
    test: hasScript(manifest, 'test') ? `${manager} test` : null,
    build: run('build'),
    lint: run('lint'),
  };
}

type Manager = 'npm' | 'pnpm' | 'yarn';
type Install = Pick<Part, 'install' | 'lockfiles'>;

function readManifest(text: string): Manifest {
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed !== null && typeof parsed === 'object' ? parsed : {};
  } catch {
    return {};
  }
}

function managerOf(folder: Folder, { packageManager }: Manifest): Manager {
  if (folder.has('pnpm-lock.yaml')) return 'pnpm';
  if (folder.has('yarn.lock')) return 'yarn';
  if (folder.has('package-lock.json') || folder.has('npm-shrinkwrap.json')) return 'npm';
  const named = typeof packageManager === 'string' ? packageManager.split('@')[0] : '';
  return named === 'pnpm' || named === 'yarn' ? named : 'npm';
}

function hasScript({ scripts }: Manifest, name: string): boolean {
  const script = scripts?.[name];
  // What `npm init` writes is the absence of tests.
  return typeof script === 'string' && script.trim() !== '' && !script.includes('no test specified');
}

function hasDependencies(manifest: Manifest): boolean {
  const kinds = [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies];
  return manifest.workspaces !== undefined || kinds.some((kind) => Object.keys(kind ?? {}).length > 0);
}

const installs: Record<Manager, (folder: Folder, manifest: Manifest) => Install> = {
  npm(folder, manifest) {
    const lock = ['package-lock.json', 'npm-shrinkwrap.json'].find((path) => folder.has(path));
    if (lock !== undefined) return { install: 'npm ci', lockfiles: withSettings(folder, [lock], ['.npmrc']) };
    if (!hasDependencies(manifest)) return { install: '', lockfiles: [] };
    const lockfiles = withSettings(folder, ['package.json'], ['.npmrc']);
    return { install: 'npm install --no-package-lock', lockfiles };
  },
  pnpm(folder, { packageManager }) {
    const old = /^lockfileVersion:\s*'?[56]\./mu.test(folder.text('pnpm-lock.yaml'));
    const version = versionOf(packageManager, 'pnpm') ?? (old ? '8' : '10');
    const frozen = folder.has('pnpm-lock.yaml') ? ' --frozen-lockfile' : ' --no-lockfile';
    const lock = folder.has('pnpm-lock.yaml') ? 'pnpm-lock.yaml' : 'package.json';
    return {
      install: `${getTool('pnpm', `pnpm@${version}`)}\npnpm install${frozen}`,
      lockfiles: withSettings(folder, [lock], ['pnpm-workspace.yaml', '.npmrc']),
    };
  },
  yarn(folder, { packageManager }) {
    const asked = versionOf(packageManager, 'yarn');
    const modern = asked !== null ? !asked.startsWith('1.') : /^__metadata:/mu.test(folder.text('yarn.lock'));
    const tool = modern ? `@yarnpkg/cli-dist@${asked ?? '4'}` : `yarn@${asked ?? '1.22.22'}`;
    const lock = folder.has('yarn.lock') ? 'yarn.lock' : 'package.json';
    const frozen = !folder.has('yarn.lock') ? '' : modern ? ' --immutable' : ' --frozen-lockfile';
    return {
      install: `${getTool('yarn', tool)}\nyarn install${frozen}`,
      lockfiles: withSettings(folder, [lock], ['.yarnrc.yml', '.yarnrc', '.npmrc']),
    };
  },
};

function withSettings(folder: Folder, lockfiles: string[], settings: string[]): string[] {
  return [...lockfiles, ...settings.filter((path) => folder.has(path))];
}

/** The version of `name@1.2.3+sha…`; what is no plain version is not taken into a command. */
function versionOf(packageManager: unknown, name: string): string | null {
  if (typeof packageManager !== 'string') return null;
  const [, found, version] = /^(\w+)@(\d+\.\d+\.\d+)(?:\+|$)/u.exec(packageManager) ?? [];
  return found === name ? version! : null;
}

function getTool(name: string, spec: string): string {
  return `command -v ${name} >/dev/null || npm install --no-save --prefix ${toolFolder} ${spec}`;
}
