import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { secretBoxes } from '../server/adapters/secrets/secret-boxes.ts';
import { claimDataFolder } from '../server/boot/claim-data-folder.ts';
import { openInstallation, readInstallation } from '../server/boot/installation.ts';
import { mustKnowMasterKeys } from '../server/boot/know-master-keys.ts';
import { loadConfig } from '../server/config/config.ts';
import { masterKeysOf } from '../server/config/master-keys.ts';
import { dataKeyStore } from '../server/db/data-keys.ts';
import { testDatabase } from '../server/testing/database.ts';
import { rotate } from './master-key.ts';

/** A data folder on which an installation seems to run. */
async function running() {
  const { database, appUrl } = await testDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'fleet-rotate-'));
  openInstallation(dataDir, new Date());
  const claim = claimDataFolder({ dataDir, url: 'http://127.0.0.1:3000', now: new Date() });
  claim.recordAppUrl(appUrl);
  onTestFinished(async () => {
    claim.release();
    await rm(dataDir, { recursive: true });
  });
  const said: string[] = [];
  const print = (line: string) => void said.push(line);
  const at = (env: Record<string, string> = {}) => loadConfig({ FLEET_DATA_DIR: dataDir, ...env });
  const boxes = (config = at()) =>
    secretBoxes({ store: dataKeyStore(database.system), masterKeys: masterKeysOf(config) });
  return { dataDir, appUrl, said, print, at, boxes };
}

test('the data folder’s own key is made anew, and a process that goes on opens what it sealed before', async () => {
  const { dataDir, appUrl, said, print, at, boxes } = await running();
  const working = boxes();
  const sealed = (await working.of('org_1')).seal('a token', 'x');
  const before = readInstallation(dataDir)!.masterKey;
  await rotate({ config: at(), print });
  const after = readInstallation(dataDir)!;
  expect(after.masterKey).not.toBe(before);
  expect(after.earlierMasterKey).toBeUndefined();
  expect((await working.of('org_1')).open(sealed, 'x')).toBe('a token');
  expect(said.join('\n')).toMatch(/took over .*: 1 keys wrapped/);
  expect(said.join('\n')).not.toContain(after.masterKey);
  await mustKnowMasterKeys(appUrl, masterKeysOf(at())());
  await expect(mustKnowMasterKeys(appUrl, { present: before, earlier: null })).rejects.toThrow('FLEET_MASTER_KEY');
});

test('a key of the operator’s own is not made for him: both must be given', async () => {
  const { print, at, boxes } = await running();
  const [old, fresh] = ['ab'.repeat(32), 'cd'.repeat(32)];
  const sealed = (await boxes(at({ FLEET_MASTER_KEY: old })).of('org_1')).seal('a token', 'x');
  const alone = at({ FLEET_MASTER_KEY: fresh });
  await expect(rotate({ config: alone, print })).rejects.toThrow('FLEET_MASTER_KEY_EARLIER');
  await rotate({ config: at({ FLEET_MASTER_KEY: fresh, FLEET_MASTER_KEY_EARLIER: old }), print });
  expect((await boxes(alone).of('org_1')).open(sealed, 'x')).toBe('a token');
  await expect(boxes(at({ FLEET_MASTER_KEY: old })).of('org_1')).rejects.toThrow('cannot be opened');
});
