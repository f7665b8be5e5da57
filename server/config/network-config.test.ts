import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from './config.ts';
import { networkVariables, readExtraCa } from './network-config.ts';

let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'fleet-network-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('nothing said: straight out, nothing private, public registries', () => {
  expect(loadConfig({}).network).toEqual({ egressProxy: null, extraCaFile: null, internalHosts: [], mirrors: {} });
  expect(networkVariables(loadConfig({}).network)).toEqual({});
});

test('what is said survives the way to another process', () => {
  const { network } = loadConfig({
    FLEET_EGRESS_PROXY: 'http://me:word@proxy.corp:3128',
    FLEET_EXTRA_CA: '/etc/corp.pem',
    FLEET_INTERNAL_HOSTS: 'git.corp, Packages.corp',
    FLEET_MIRROR_NPM: 'https://packages.corp/npm',
    FLEET_MIRROR_GO: 'http://packages.corp:8081/go/',
  });
  expect(network).toEqual({
    egressProxy: 'http://me:word@proxy.corp:3128',
    extraCaFile: '/etc/corp.pem',
    internalHosts: ['git.corp', 'packages.corp'],
    mirrors: { npm: 'https://packages.corp/npm/', go: 'http://packages.corp:8081/go/' },
  });
  expect(loadConfig(networkVariables(network)).network).toEqual(network);
});

test.each([
  ['FLEET_EGRESS_PROXY', 'socks5://proxy.corp:1080'],
  ['FLEET_EGRESS_PROXY', 'proxy.corp:3128'],
  ['FLEET_INTERNAL_HOSTS', '10.0.0.1'],
  ['FLEET_INTERNAL_HOSTS', 'a.corp,,b.corp'],
  ['FLEET_INTERNAL_HOSTS', '*.corp'],
  ['FLEET_MIRROR_NPM', 'https://me:hunter2@packages.corp/'],
  ['FLEET_MIRROR_PYPI', 'https://packages.corp/simple?x=hunter2'],
  ['FLEET_MIRROR_GO', 'https://10.0.0.1/go'],
])('%s=%s is refused and not quoted', (name, value) => {
  const load = () => loadConfig({ [name]: value });
  expect(load).toThrow(name);
  expect(load).not.toThrow(/hunter2/u);
});

test('certificates are read whole, and a file that holds none is named', () => {
  const network = (path: string) => ({ ...loadConfig({ FLEET_EXTRA_CA: path }).network });
  const good = join(folder, 'good.pem');
  writeFileSync(good, `# ours\n${rootCertificates[0]}\nbetween\n${rootCertificates[1]}\n`);
  expect(readExtraCa(network(good))).toBe(`${rootCertificates[0]}\n${rootCertificates[1]}\n`);
  const bad = join(folder, 'bad.pem');
  writeFileSync(bad, '-----BEGIN CERTIFICATE-----\nbm9wZQ==\n-----END CERTIFICATE-----\n');
  for (const path of [bad, join(folder, 'none.pem')]) {
    expect(() => readExtraCa(network(path))).toThrow(new RegExp(`FLEET_EXTRA_CA names ${path}`, 'u'));
  }
  expect(readExtraCa(loadConfig({}).network)).toBeNull();
});
