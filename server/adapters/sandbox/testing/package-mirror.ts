import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Authority } from '../../egress/authority.ts';

export type PackageMirror = {
  port: number;
  asked: string[];
  /** Of the package that npm finds there, as a lock file has it. */
  integrity: string;
  close(): void;
};

/** The files below a folder; entries for folders would be none of a Go module. */
const zipFiles = `import sys, zipfile, pathlib
root = pathlib.Path(sys.argv[1])
with zipfile.ZipFile(sys.argv[2], 'w') as out:
  for file in sorted(root.rglob('*')):
    if file.is_file(): out.write(file, file.relative_to(root))`;

const zip = (folder: string, to: string) => execFileSync('python3', ['-c', zipFiles, folder, to]);

/** Mirrors of npm, PyPI and Go with one package each, below `/npm/`, `/pypi/` and `/go/`, as `name`. */
export async function openPackageMirror(name: string, authority: Authority): Promise<PackageMirror> {
  const folder = mkdtempSync(join(tmpdir(), 'fleet-mirror-'));
  const put = (path: string, text: string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  put('npm/package/package.json', '{"name":"tiny","version":"1.2.3","main":"index.js"}');
  put('npm/package/index.js', 'module.exports = "tiny from the mirror";\n');
  execFileSync('tar', ['-czf', join(folder, 'tiny.tgz'), '-C', join(folder, 'npm'), 'package']);
  const tarball = readFileSync(join(folder, 'tiny.tgz'));
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  put('wheel/tiny.py', 'said = "tiny from the mirror"\n');
  put('wheel/tiny-1.2.3.dist-info/METADATA', 'Metadata-Version: 2.1\nName: tiny\nVersion: 1.2.3\n');
  put('wheel/tiny-1.2.3.dist-info/WHEEL', 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n');
  put('wheel/tiny-1.2.3.dist-info/RECORD', 'tiny.py,,\n');
  zip(join(folder, 'wheel'), join(folder, 'wheel-made.zip'));
  put('module/example.test/tiny@v1.2.3/go.mod', 'module example.test/tiny\n');
  put('module/example.test/tiny@v1.2.3/tiny.go', 'package tiny\n');
  zip(join(folder, 'module'), join(folder, 'module-made.zip'));
  const asked: string[] = [];
  const made = (file: string) => readFileSync(join(folder, file));
  const key = await authority.contextFor(name);
  const server = createServer({ SNICallback: (_, give) => give(null, key) }, (request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const at = `https://${name}:${(server.address() as AddressInfo).port}`;
    const version = { name: 'tiny', version: '1.2.3', dist: { tarball: `${at}/npm/tiny/-/tiny-1.2.3.tgz`, integrity } };
    const answers: Record<string, () => Buffer | string> = {
      '/npm/tiny': () =>
        JSON.stringify({ name: 'tiny', 'dist-tags': { latest: '1.2.3' }, versions: { '1.2.3': version } }),
      '/npm/tiny/-/tiny-1.2.3.tgz': () => tarball,
      '/pypi/tiny/': () => '<a href="/pypi/files/tiny-1.2.3-py3-none-any.whl">tiny</a>',
      '/pypi/files/tiny-1.2.3-py3-none-any.whl': () => made('wheel-made.zip'),
      '/go/example.test/tiny/@v/list': () => 'v1.2.3\n',
      '/go/example.test/tiny/@v/v1.2.3.info': () => '{"Version":"v1.2.3"}',
      '/go/example.test/tiny/@v/v1.2.3.mod': () => 'module example.test/tiny\n',
      '/go/example.test/tiny/@v/v1.2.3.zip': () => made('module-made.zip'),
    };
    const answer = answers[path];
    response.writeHead(answer ? 200 : 404, path === '/pypi/tiny/' ? { 'content-type': 'text/html' } : {});
    response.end(answer?.());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    integrity,
    close: () => {
      server.close().closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
