import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NetworkRequest } from '../../domain/network/network-request.ts';
import type { RegistryName } from '../../domain/network/registries.ts';
import { makeAuthority } from '../egress/authority.ts';
import { directEgress } from '../egress/settings.ts';
import { generous, openBench, runIn, type Bench } from './contract-bench.ts';
import { localSandbox } from './local.ts';
import { openPackageMirror, type PackageMirror } from './testing/package-mirror.ts';

const name = 'packages.corp';
const folder = mkdtempSync(join(tmpdir(), 'fleet-mirrors-'));
let mirror: PackageMirror;
let bench: Bench;

beforeAll(async () => {
  // A private authority, a private address and no other name than the mirror's: a company's network.
  const authority = await makeAuthority(new Date());
  mirror = await openPackageMirror(name, authority);
  const at = `https://${name}:${mirror.port}`;
  const egress = {
    ...directEgress,
    extraCa: authority.pem,
    mirrors: {
      npm: `${at}/npm/`,
      pypi: `${at}/pypi/`,
      go: `${at}/go/`,
      maven: `${at}/maven/`,
      crates: `${at}/crates/`,
    },
    resolve: async (host: string) => (host === name ? ['127.0.0.1'] : []),
  };
  bench = await openBench(localSandbox({ dataDir: folder, egress }), { limits: { ...generous, processes: 500 } });
});
afterAll(async () => {
  await bench.close();
  mirror.close();
  rmSync(folder, { recursive: true, force: true });
});

async function openWith(registries: RegistryName[]) {
  const requests: NetworkRequest[] = [];
  const record = async (request: NetworkRequest) => void requests.push(request);
  const egress = { policy: { registries, rules: [] }, credentials: [], record };
  return { sandbox: await bench.open({ egress }), requests };
}

/** Every request that was let out went to the mirror. */
const allowedHosts = (requests: NetworkRequest[]) => [
  ...new Set(requests.filter(({ allowed }) => allowed).map(({ host, rule }) => `${host} by ${rule}`)),
];

test('npm ci installs what the lock file has from the public registry, from the mirror', async () => {
  const { sandbox, requests } = await openWith(['npm']);
  const resolved = 'https://registry.npmjs.org/tiny/-/tiny-1.2.3.tgz';
  const lock = {
    ...{ name: 'app', version: '1.0.0', lockfileVersion: 3 },
    packages: {
      '': { name: 'app', version: '1.0.0', dependencies: { tiny: '1.2.3' } },
      'node_modules/tiny': { version: '1.2.3', resolved, integrity: mirror.integrity },
    },
  };
  await bench.put('app/package.json', '{"name":"app","version":"1.0.0","dependencies":{"tiny":"1.2.3"}}');
  await bench.put('app/package-lock.json', JSON.stringify(lock));
  const command = 'cd app && npm ci --no-audit --no-fund 2>&1 && node -p "require(\'tiny\')"';
  const { text, code } = await runIn(sandbox, command, { timeoutMs: 120_000 });
  expect(code, text).toBe(0);
  expect(text).toContain('tiny from the mirror');
  expect(mirror.asked).toContain('/npm/tiny/-/tiny-1.2.3.tgz');
  expect(allowedHosts(requests)).toEqual([`${name} by registry npm`]);
});

/** What a machine does not have cannot be tried on it. */
const missing = 77;

test.each<[RegistryName, string, string]>([
  [
    'pypi',
    'python3 -m pip --version >/dev/null || exit 77; python3 -m pip install -q --target py tiny && PYTHONPATH=py python3 -c "import tiny; print(tiny.said)"',
    'tiny from the mirror',
  ],
  [
    'go',
    'PATH=$PATH:/usr/local/go/bin; go version >/dev/null || exit 77; mkdir g && cd g && printf "module app\\n\\ngo 1.21\\n\\nrequire example.test/tiny v1.2.3\\n" > go.mod && GOFLAGS=-modcacherw go mod download example.test/tiny && echo downloaded',
    'downloaded',
  ],
])('%s is led to its mirror', async (registry, command, said) => {
  const { sandbox, requests } = await openWith([registry]);
  const { text, code } = await runIn(sandbox, command, { timeoutMs: 120_000 });
  if (code === missing) return;
  expect(text).toContain(said);
  expect(allowedHosts(requests)).toEqual([`${name} by registry ${registry}`]);
});

test('cargo and maven find their settings; a registry that is not opened is told nothing', async () => {
  const { sandbox } = await openWith(['crates', 'maven']);
  const { text } = await runIn(
    sandbox,
    'cat /.cargo/config.toml; cat "${MAVEN_OPTS#-Dmaven.conf=}/settings.xml"; echo "npm=$npm_config_registry"; echo x > /opt/fleet/x; true',
  );
  expect(text).toContain(`registry = "sparse+https://${name}:${mirror.port}/crates/"`);
  expect(text).toContain(`<mirrorOf>*</mirrorOf><url>https://${name}:${mirror.port}/maven/</url>`);
  expect(text).toContain('<host>127.0.0.1</host><port>3128</port>');
  expect(text).toContain('npm=\n');
  expect(text).toMatch(/Read-only/u);
});
