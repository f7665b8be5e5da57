import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The files of a small repository whose tests run in a blink. */
export const smallRepo: Record<string, string> = {
  'package.json': JSON.stringify({ name: 'small', type: 'module', scripts: { test: 'node --test' } }),
  'src/sum.js': 'export const sum = (a, b) => a + b;\n',
  'test/sum.test.js': [
    "import assert from 'node:assert/strict';",
    "import { test } from 'node:test';",
    "import { sum } from '../src/sum.js';",
    '',
    "test('adds', () => assert.equal(sum(1, 2), 3));",
    '',
  ].join('\n'),
};

export type TestRemote = {
  url: string;
  /** Commits on top of the branch as somebody else would, and pushes. Null removes a file. */
  push(files: Record<string, string | null>, branch?: string): Promise<string>;
  head(branch: string): Promise<string | null>;
  branches(): Promise<string[]>;
  /** A file of a branch, null when it is not there. */
  file(path: string, branch?: string): Promise<string | null>;
  log(branch?: string): Promise<string>;
  /** Makes a server-side hook, for example one that refuses pushes. */
  hook(name: string, script: string): Promise<void>;
  git(...args: string[]): Promise<string>;
};

/** A real bare repository in `folder`, with one commit on main. */
export async function makeRemote(folder: string, files: Record<string, string> = smallRepo): Promise<TestRemote> {
  await mkdir(folder, { recursive: true });
  const url = join(folder, 'remote.git');
  await git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', url);
  const inRemote = (...args: string[]) => git(url, ...args);
  const head = async (branch: string) =>
    inRemote('rev-parse', '--verify', '--quiet', `refs/heads/${branch}`).then(
      (text) => text.trim() || null,
      () => null,
    );

  const push = async (changes: Record<string, string | null>, branch = 'main') => {
    const work = await mkdtemp(join(folder, 'work-'));
    const from = await head(branch);
    if (from === null) await git(work, 'init', '--quiet', '--initial-branch', branch);
    else await git(folder, 'clone', '--quiet', '--branch', branch, url, work);
    for (const [path, text] of Object.entries(changes)) await change(join(work, path), text);
    await git(work, 'add', '--all');
    await git(work, 'commit', '--quiet', '-m', `by a person ${work.slice(-6)}`);
    await git(work, 'push', '--quiet', url, `HEAD:refs/heads/${branch}`);
    await rm(work, { recursive: true });
    return (await head(branch)) as string;
  };

  await push(files);
  return {
    url,
    push,
    head,
    branches: async () =>
      (await inRemote('for-each-ref', '--format=%(refname:short)', 'refs/heads')).split('\n').filter(Boolean),
    file: (path, branch = 'main') => inRemote('show', `${branch}:${path}`).catch(() => null),
    log: (branch = 'main') => inRemote('log', '--format=%H%n%B', branch),
    async hook(name, script) {
      await writeFile(join(url, 'hooks', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    },
    git: inRemote,
  };
}

async function change(path: string, text: string | null): Promise<void> {
  if (text === null) return rm(path);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

async function git(cwd: string, ...args: string[]): Promise<string> {
  const person = { NAME: 'A Person', EMAIL: 'person@example.com' };
  const own = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: cwd,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: person.NAME,
    GIT_AUTHOR_EMAIL: person.EMAIL,
    GIT_COMMITTER_NAME: person.NAME,
    GIT_COMMITTER_EMAIL: person.EMAIL,
  };
  const { stdout } = await run('git', args, { cwd, env: own as unknown as NodeJS.ProcessEnv });
  return stdout;
}
