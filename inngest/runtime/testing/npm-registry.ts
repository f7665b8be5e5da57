import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { directEgress, type EgressSettings } from '../../../server/adapters/egress/settings.ts';
import { smallRepo } from './remote.ts';

export type NpmRegistry = {
  /** How it is reached from a sandbox. */
  url: string;
  egress: EgressSettings;
  /** What was asked of it. */
  asked: string[];
  /** A repo whose tests need its one package, `halve`. */
  files: Record<string, string>;
  stop(): Promise<void>;
};

const host = 'registry.test';

/** A package registry of one package, on this machine alone; with a token it is open to nobody else. */
export async function npmRegistry(token: string | null = null): Promise<NpmRegistry> {
  const tarball = await packed();
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const known = token === null || request.headers.authorization === `Bearer ${token}`;
    if (!known) response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"who are you?"}');
    else if (request.url === '/halve/-/halve-1.0.0.tgz') response.end(tarball);
    else response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"not found"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;
  return {
    url,
    asked,
    egress: {
      ...directEgress,
      mirrors: { npm: url },
      resolve: async (name) => (name === host ? ['127.0.0.1'] : []),
    },
    files: filesNeeding({ halve: { version: '1.0.0', integrity } }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Locked = Record<string, { version: string; integrity: string }>;

/** A repo with these packages in its lockfile and a test that uses `halve`. No .gitignore: nothing helps. */
export function filesNeeding(packages: Locked): Record<string, string> {
  const dependencies = Object.fromEntries(Object.entries(packages).map(([name, { version }]) => [name, version]));
  const manifest = { name: 'small', version: '1.0.0', type: 'module', dependencies };
  const locked = Object.entries(packages).map(([name, { version, integrity }]) => [
    `node_modules/${name}`,
    { version, resolved: `https://registry.npmjs.org/${name}/-/${name}-${version}.tgz`, integrity },
  ]);
  const lock = {
    ...{ name: 'small', version: '1.0.0', lockfileVersion: 3, requires: true },
    packages: { '': { name: 'small', version: '1.0.0', dependencies }, ...Object.fromEntries(locked) },
  };
  return {
    ...smallRepo,
    'package.json': JSON.stringify({ ...manifest, scripts: { test: 'node --test' } }),
    'package-lock.json': JSON.stringify(lock, null, 2),
    'test/halve.test.js': [
      "import assert from 'node:assert/strict';",
      "import { test } from 'node:test';",
      "import { halve } from 'halve';",
      '',
      "test('halves', () => assert.equal(halve(4), 2));",
      '',
    ].join('\n'),
  };
}

async function packed(): Promise<Buffer> {
  const archive = pack();
  const manifest = JSON.stringify({ name: 'halve', version: '1.0.0', type: 'module', main: 'index.js' });
  archive.entry({ name: 'package/package.json' }, manifest);
  archive.entry({ name: 'package/index.js' }, 'export const halve = (n) => n / 2;\n');
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}
