import { execa } from 'execa';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export type GitHost = { url: string; close(): Promise<void> };

const git = (cwd: string, ...args: string[]) =>
  execa('git', ['-c', 'user.name=Person', '-c', 'user.email=person@example.com', ...args], { cwd });

async function addRepo(root: string, name: string, files: Record<string, string>): Promise<void> {
  const bare = join(root, `${name}.git`);
  await git(root, 'init', '--quiet', '--bare', '--initial-branch=main', bare);
  if (Object.keys(files).length === 0) return;
  const clone = join(root, `work-${name}`);
  await git(root, 'clone', '--quiet', bare, clone);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(clone, path)), { recursive: true });
    await writeFile(join(clone, path), text);
  }
  await git(clone, 'add', '--all');
  await git(clone, 'commit', '--quiet', '-m', 'First commit');
  await git(clone, 'push', '--quiet', 'origin', 'HEAD:main');
  await rm(clone, { recursive: true });
}

/** One request through git's own CGI program, which is what serves git over HTTP anywhere. */
async function backend(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, search } = new URL(request.url ?? '/', 'http://git');
  const answer = await execa('git', ['http-backend'], {
    input: request,
    encoding: 'buffer',
    stripFinalNewline: false,
    env: {
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      REQUEST_METHOD: request.method ?? 'GET',
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
  });
  const output = Buffer.from(answer.stdout);
  const end = output.indexOf('\r\n\r\n');
  const lines = output.subarray(0, end).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(': ', 1)[0]!, line.slice(line.indexOf(': ') + 2)]),
  );
  const { Status: status = '200', ...rest } = headers;
  response.writeHead(Number.parseInt(status, 10), rest).end(output.subarray(end + 4));
}

/**
 * A git server on loopback with three repositories: `empty.git` without commits, `untested.git` without a test command,
 * `service.git` with one. Anything under `/locked` asks for a password.
 */
export async function gitHost(): Promise<GitHost> {
  const root = await mkdtemp(join(tmpdir(), 'fleet-e2e-git-'));
  await addRepo(root, 'empty', {});
  await addRepo(root, 'untested', { 'readme.txt': 'Nothing to run.\n' });
  const manifest = JSON.stringify({ type: 'module', scripts: { test: 'node --test' } });
  await addRepo(root, 'service', { 'package.json': manifest, 'src/main.js': 'export const one = 1;\n' });
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/locked')) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
      return;
    }
    backend(root, request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
