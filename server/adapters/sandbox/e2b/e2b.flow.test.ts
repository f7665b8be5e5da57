import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { processEnvironment } from '../../../config/config.ts';
import { egressContract } from '../contract-egress.ts';
import { sandboxContract } from '../contract.ts';
import { e2bSandbox } from './e2b.ts';

const { E2B_API_KEY: apiKey, E2B_DOMAIN: domain = 'e2b.app', E2B_TEMPLATE: template = 'base' } = processEnvironment();
const account = { name: 'e2b', domain, template, of: 'operator' as const, proxy: null, installation: randomUUID() };

if (apiKey === undefined) {
  process.stdout.write('E2B: NOT RUN. Set E2B_API_KEY and the contract of sandboxes is tried on the real service.\n');
  test.skip('E2B keeps the sandbox contract: NOT RUN, there is no E2B_API_KEY', () => undefined);
} else {
  sandboxContract('e2b', async () => e2bSandbox({ ...account, apiKey }), ['fileBytes', 'diskBytes']);
  egressContract('e2b', async (egress) => e2bSandbox({ ...account, apiKey, egress }));
}

test('a service that is not there is said to be, with the command that sets it right, and without the key', async () => {
  const at = { ...account, domain: 'nowhere.invalid', apiKey: 'e2b_secret-looking' };
  const { ok, detail } = await e2bSandbox(at).probe();
  expect(ok).toBe(false);
  expect(detail).toContain('The E2B engine e2b (nowhere.invalid) made no sandbox. It is not reachable from here');
  expect(detail).toContain('npx fleet engine add e2b --url e2b://nowhere.invalid --api-key-file FILE');
  expect(detail).not.toContain('secret-looking');
  const ofOrg = await e2bSandbox({ ...at, of: 'org' }).probe();
  expect(ofOrg.detail).toContain('This org’s account at nowhere.invalid made no sandbox.');
  expect(ofOrg.detail).toContain('Settings, Sandboxes');
});
