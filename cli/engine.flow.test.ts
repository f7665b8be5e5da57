import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { readEngines, writeEngines } from '../server/adapters/engines/engine-file.ts';
import { installedSandboxes } from '../server/adapters/engines/installed-sandboxes.ts';
import { generous, runIn } from '../server/adapters/sandbox/contract-bench.ts';
import { podmanEngine } from '../server/adapters/sandbox/docker/testing/podman-engine.ts';
import { markTrust } from './trust.ts';
import { addEngine, listEngines, removeEngine, setImage, testEngine, usePlace } from './engine.ts';

const { address, image, stop } = await podmanEngine();
afterAll(stop);

let dataDir: string;
let said: string[];
let of: { dataDir: string; print: (line: string) => void };
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'fleet-engines-'));
  said = [];
  of = { dataDir, print: (line) => void said.push(line) };
  return () => rm(dataDir, { recursive: true, force: true });
});

test('an engine is entered, given its image, tried, and then sandboxes are made there', async () => {
  await addEngine(of, 'pods', { url: address.url });
  expect(await testEngine(of, 'pods')).toBe(1);
  expect(said.at(-1)).toContain('npx fleet engine image pods');
  await setImage(of, 'pods', { compilers: false });
  expect(await testEngine(of, 'pods')).toBe(0);
  expect(said.at(-2)).toMatch(/^✓ pods: Podman /u);
  expect(said.at(-1)).toContain('memory by cgroup');
  await usePlace(of, 'pods', undefined);

  const settings = await readEngines(dataDir);
  await writeEngines(dataDir, { ...settings, images: { rep_other: 'localhost/not-there:1' } });

  const sandboxes = installedSandboxes({ dataDir, admit: async () => {} });
  const tree = await mkdtemp(join(tmpdir(), 'fleet-tree-'));
  const sandbox = await sandboxes.for('org_1').open({ id: 'run_1', tree, writable: true, limits: generous });
  expect(sandbox.image).toBe(settings.engines[0]?.image);
  expect((await runIn(sandbox, 'echo there > made; pwd')).text).toBe('/work\n');
  expect(await readdir(tree)).toEqual([]);
  expect(await readFile(join(await sandbox.snapshot(), 'made'), 'utf8')).toBe('there\n');
  await sandbox.dispose();
  const other = sandboxes.for('org_1').open({ id: 'run_2', tree, writable: true, limits: generous, repo: 'rep_other' });
  await expect(other).rejects.toThrow(/image is missing[^]*npx fleet engine image pods/u);
  expect(await sandboxes.reap()).toMatchObject({ sandboxes: 0 });
  await rm(tree, { recursive: true });

  await expect(removeEngine(of, 'pods')).rejects.toThrow(/npx fleet engine use local/u);
  await usePlace(of, 'local', undefined);
  await removeEngine(of, 'pods');
  said = [];
  await listEngines({ ...of, print: (line) => void said.push(line) });
  expect(said).toEqual(['→ local: bubblewrap on this machine', '  rep_other has image localhost/not-there:1']);
});

test('an image is named instead; one that nobody has is said so', async () => {
  await addEngine(of, 'pods', { url: address.url });
  await setImage(of, 'pods', { use: image, compilers: false });
  await listEngines(of);
  expect(said.at(-1)).toContain(image.slice(7));
  await expect(setImage(of, 'pods', { use: 'localhost/no-such:1', compilers: false })).rejects.toMatchObject({
    code: 'sandbox_unavailable',
    message: expect.stringContaining('has no image localhost/no-such:1 and got none'),
  });
});

test('what cannot be an engine is refused with the reason, and nothing is kept', async () => {
  await expect(addEngine(of, 'Pods', { url: address.url })).rejects.toThrow(/short name of small letters/u);
  await expect(addEngine(of, 'local', { url: address.url })).rejects.toThrow(/must not be local/u);
  await expect(addEngine(of, 'far', { url: 'tcp://192.0.2.1:2375' })).rejects.toThrow(/has no TLS: give --ca/u);
  await expect(addEngine(of, 'far', { url: 'https://a:1', cert: 'x' })).rejects.toThrow(/both --cert and --key/u);
  await expect(addEngine(of, 'far', { url: 'https://a:1', ca: 'package.json' })).rejects.toThrow(/no PEM file/u);
  await expect(usePlace(of, 'far', undefined)).rejects.toThrow(/npx fleet engine add far/u);
  await expect(stat(join(dataDir, 'engines.json'))).rejects.toThrow();
});

test('an account of E2B is entered with its key in a file, which is kept for this user alone and never printed', async () => {
  const file = join(dataDir, 'e2b-key');
  await writeFile(file, 'e2b_secret-looking-0123456789\n');
  const url = 'e2b://e2b.example';
  await expect(addEngine(of, 'cloud', { url })).rejects.toThrow(/--api-key-file FILE/u);
  await expect(addEngine(of, 'cloud', { url: 'tcp://127.0.0.1:1', apiKeyFile: file })).rejects.toThrow(/E2B belongs/u);
  await addEngine(of, 'cloud', { url, apiKeyFile: file });
  await expect(setImage(of, 'cloud', { compilers: false })).rejects.toThrow(/--use TEMPLATE/u);
  await listEngines(of);
  expect(said.at(-1)).toBe('  cloud: e2b://e2b.example, template base');
  expect(said.join('\n')).not.toContain('secret-looking');
  expect((await stat(join(dataDir, 'engines.json'))).mode & 0o777).toBe(0o600);
});

test('certificates are kept for this user alone and never printed', async () => {
  const pem = join(dataDir, 'ca.pem');
  await writeFile(pem, '-----BEGIN CERTIFICATE-----\nsecret-looking\n-----END CERTIFICATE-----\n');
  await addEngine(of, 'far', { url: 'https://engine.example:2376', ca: pem, cert: pem, key: pem });
  await listEngines(of);
  expect(said.join('\n')).not.toContain('secret-looking');
  expect(said.at(-1)).toBe('  far: https://engine.example:2376, TLS, no image yet');
  expect((await stat(join(dataDir, 'engines.json'))).mode & 0o777).toBe(0o600);
});

test('who may share a kernel is the operator’s to say', async () => {
  await markTrust(of, { all: true, nobody: false, orgs: [] });
  await listEngines(of);
  expect(said.at(-1)).toBe('  all orgs may share a kernel');
  await markTrust(of, { all: false, nobody: true, orgs: [] });
  await listEngines(of);
  expect(said.at(-1)).toBe('→ local: bubblewrap on this machine');
  await expect(markTrust(of, { all: true, nobody: false, orgs: ['acme'] })).rejects.toThrow(/Say who/u);
  await expect(markTrust(of, { all: false, nobody: false, orgs: ['acme'] })).rejects.toThrow(/npm start/u);
});
