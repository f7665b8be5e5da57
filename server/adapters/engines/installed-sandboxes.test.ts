import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SandboxAccount } from '../../domain/engines/sandbox-account.ts';
import { serviceDoor } from '../egress/service-door.ts';
import { directEgress } from '../egress/settings.ts';
import { readEngines, writeEngines } from './engine-file.ts';
import { installedSandboxes } from './installed-sandboxes.ts';

const limits = { processes: 1, fileBytes: 1, memoryBytes: 1, diskBytes: 1, cpus: 1 };
const resolve = async () => ['127.0.0.1'];
const account: SandboxAccount = { domain: 'e2b.test', template: 'base', apiKey: 'e2b_0123456789' };

/** Every place refuses: the refusal says which one was asked. */
async function opened(orgId: string, own: SandboxAccount | null): Promise<{ said: string; asked: string[] }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'fleet-places-'));
  await writeEngines(dataDir, { ...(await readEngines(dataDir)), use: 'usual', orgs: { org_placed: 'named' } });
  const asked: string[] = [];
  const accounts = { of: async () => own, orgs: async () => [], door: serviceDoor({ ...directEgress, resolve }) };
  const admit = async (id: string) => void asked.push(id);
  const spec = { id: 'run_1', tree: dataDir, writable: true, limits };
  const said = await installedSandboxes({ dataDir, admit, accounts }).for(orgId).open(spec).then(String, String);
  return { said, asked };
}

test('an org without an account runs where the operator says', async () => {
  const { said, asked } = await opened('org_plain', null);
  expect(said).toContain('no engine usual');
  expect(asked).toEqual(['org_plain']);
});

test('an account goes before the place that all others have, and takes no kernel', async () => {
  const { said, asked } = await opened('org_plain', account);
  expect(said).toContain('This org’s account at e2b.test made no sandbox');
  expect(said).not.toContain(account.apiKey);
  expect(asked).toEqual([]);
});

test('a place that the operator gave to this org by name goes before its account', async () => {
  const { said, asked } = await opened('org_placed', account);
  expect(said).toContain('no engine named');
  expect(asked).toEqual(['org_placed']);
});
