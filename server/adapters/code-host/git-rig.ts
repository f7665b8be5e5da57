import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../../domain/ports/clock.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import { gitCodeHost } from './git.ts';

export const author = { name: 'Developer', email: 'run@fleet.invalid' };
export const at = new Date('2026-01-02T03:04:05Z');
const clock: Clock = {
  now: () => new Date(),
  elapsed: () => performance.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
};

/** git as a person uses it, with a name and without anybody's configuration. */
export function sh(cwd: string, ...args: string[]): string {
  return shWith(cwd, '', ...args);
}

/** The same with something on its standard input. */
export function shWith(cwd: string, input: string, ...args: string[]): string {
  const person = ['-c', 'user.name=Person', '-c', 'user.email=person@fleet.invalid', '-c', 'init.defaultBranch=main'];
  const env = { PATH: '/usr/bin:/bin', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  return execFileSync('git', [...person, ...args], {
    cwd,
    encoding: 'utf8',
    env: env as unknown as NodeJS.ProcessEnv,
    input,
    stdio: ['pipe', 'pipe', 'pipe'],
  }).trim();
}

export function put(root: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

export type Rig = {
  folder: string;
  remote: string;
  host: CodeHost;
  hostWith(options: {
    allowLocal?: boolean | 'if-trusted';
    dataDir?: string;
    askTimeoutMs?: number;
    maxPackBytes?: number;
  }): CodeHost;
  /** A person's clone pushes one commit to main; `shape` may do more to the clone before. */
  personPushes(files: Record<string, string>, shape?: (clone: string) => void): string;
  sync(): Promise<string>;
  freshTree(commit: string): Promise<string>;
  commit(tree: string, parent: string, paths: string[]): Promise<string | null>;
  merge(target: string, head: string): ReturnType<CodeHost['merge']>;
  /** A commit of an agent on the newest main. */
  branchWith(files: Record<string, string>): Promise<{ base: string; head: string }>;
  close(): void;
};

export const mirror = 'rep_1';

/** A bare remote with the branch main, and a code host that knows it as `mirror`. */
export function gitRig(): Rig {
  const folder = mkdtempSync(join(tmpdir(), 'fleet-git-'));
  const remote = join(folder, 'remote.git');
  sh(folder, 'init', '--quiet', '--bare', remote);
  const hostWith: Rig['hostWith'] = ({ allowLocal = true, dataDir = join(folder, 'data'), ...limits }) =>
    gitCodeHost({ dataDir, allowLocal, clock, ...limits });
  const host = hostWith({});
  const sync = () => host.sync({ mirror, remote, defaultBranch: 'main' });
  const freshTree = async (commit: string) => {
    const into = mkdtempSync(join(folder, 'tree-'));
    await host.checkout({ mirror, commit, into });
    return into;
  };
  const commit: Rig['commit'] = (tree, parent, paths) =>
    host.commit({ mirror, tree, parent, paths, message: 'A change\n\nFleet-Run: run_1\n', author, at });
  return {
    folder,
    remote,
    host,
    hostWith,
    sync,
    freshTree,
    commit,
    merge: (target, head) => host.merge({ mirror, target, head, message: 'Merge', author, at }),
    personPushes(files, shape) {
      const clone = mkdtempSync(join(folder, 'person-'));
      sh(folder, 'clone', '--quiet', remote, clone);
      put(clone, files);
      shape?.(clone);
      sh(clone, 'add', '--all');
      sh(clone, 'commit', '--quiet', '--allow-empty', '-m', 'by a person');
      sh(clone, 'push', '--quiet', 'origin', 'HEAD:main');
      return sh(clone, 'rev-parse', 'HEAD');
    },
    async branchWith(files) {
      const base = await sync();
      const tree = await freshTree(base);
      put(tree, files);
      return { base, head: (await commit(tree, base, Object.keys(files))) ?? '' };
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export type GitServer = { url: string; asked: string[]; close(): Promise<void> };

/** git's own HTTP server over the repositories below `root`, on loopback; with `password` it asks for it. */
export async function serveGit(options: { root: string; password?: string; redirectTo?: string }): Promise<GitServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (options.redirectTo !== undefined) {
      response.writeHead(302, { location: `${options.redirectTo}${request.url}` }).end();
    } else if (options.password !== undefined && !knows(request, options.password)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    } else answer(options.root, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, asked, close };
}

function knows(request: IncomingMessage, password: string): boolean {
  return request.headers.authorization === `Basic ${Buffer.from(`git:${password}`).toString('base64')}`;
}

function answer(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://x');
  const env = {
    PATH: '/usr/bin:/bin',
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    REQUEST_METHOD: request.method ?? 'GET',
    PATH_INFO: decodeURIComponent(url.pathname),
    QUERY_STRING: url.search.slice(1),
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
    GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    REMOTE_USER: 'git',
  };
  const backend = spawn('git', ['http-backend'], { env: env as unknown as NodeJS.ProcessEnv });
  request.pipe(backend.stdin);
  backend.stdin.on('error', () => undefined);
  const chunks: Buffer[] = [];
  backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  backend.on('close', () => {
    const output = Buffer.concat(chunks);
    const end = output.indexOf('\r\n\r\n');
    const headers = output
      .toString('latin1', 0, end)
      .split('\r\n')
      .map((line) => line.split(': ') as [string, string]);
    const status = headers.find(([name]) => name === 'Status')?.[1];
    response.writeHead(Number.parseInt(status ?? '200', 10), headers.filter(([name]) => name !== 'Status').flat());
    response.end(output.subarray(end + 4));
  });
}
