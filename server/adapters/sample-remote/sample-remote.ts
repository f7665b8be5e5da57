import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '../../domain/errors.ts';
import { isId } from '../../domain/ids.ts';
import type { SampleRemote } from '../../domain/ports/sample-remote.ts';

const run = promisify(execFile);

/** Fixed, so that every installation's sample starts at the same commit. */
const author = { name: 'Fleet sample', email: 'sample@localhost', date: '2026-01-01T00:00:00Z' };

type Places = { dataDir: string; sampleDir?: string };

/**
 * Copies `sampleDir` into a bare repository `<dataDir>/remotes/<org>/sample-api.git` with one commit on main, so that the
 * sample is pushed to like any other remote. It is made beside and renamed into place: a crash leaves no half repository.
 */
export function sampleRemote({ dataDir, sampleDir = 'samples/api' }: Places): SampleRemote {
  const root = path.join(dataDir, 'remotes');
  const folderOf = (orgId: string) => {
    if (!isId('org', orgId)) throw new AppError('invalid_input', 'That is not the id of an org.');
    return path.join(root, orgId);
  };
  return {
    orgs: async () => (await readdir(root).catch(() => [])).filter((name) => isId('org', name)),
    remove: async (orgId) => rm(folderOf(orgId), { recursive: true, force: true }),
    async ensure(orgId) {
      const folder = folderOf(orgId);
      const remote = path.join(folder, 'sample-api.git');
      if (await exists(remote)) return remote;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const scratch = await mkdtemp(path.join(folder, '.making-'));
      try {
        const bare = await makeBare(scratch, sampleDir);
        await rename(bare, remote).catch(async (error: unknown) => {
          if (!(await exists(remote))) throw error;
        });
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
      return remote;
    },
  };
}

async function makeBare(scratch: string, sampleDir: string): Promise<string> {
  const tree = path.join(scratch, 'tree');
  const bare = path.join(scratch, 'sample-api.git');
  await cp(sampleDir, tree, { recursive: true });
  await git(scratch, ['init', '--quiet', '--bare', '--initial-branch=main', '--template=', bare]);
  const inTree = [`--git-dir=${bare}`, `--work-tree=${tree}`];
  await git(tree, [...inTree, 'add', '--all', '--force', '.']);
  await git(tree, [
    ...inTree,
    'commit',
    '--quiet',
    '--no-gpg-sign',
    '-m',
    'The sample service as the tutorial finds it',
  ]);
  await rm(path.join(bare, 'index'), { force: true });
  return bare;
}

async function git(cwd: string, args: string[]): Promise<void> {
  const own = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: cwd,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: author.date,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
    GIT_COMMITTER_DATE: author.date,
  };
  const env = own as unknown as NodeJS.ProcessEnv; // Next's types want NODE_ENV in every environment
  await run('git', ['-c', 'core.hooksPath=/dev/null', '-c', 'core.autocrlf=false', ...args], { cwd, env });
}

async function exists(target: string): Promise<boolean> {
  return (await stat(target).catch(() => null)) !== null;
}
