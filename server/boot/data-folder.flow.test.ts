import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../domain/errors.ts';
import { claimDataFolder, findRunning } from './claim-data-folder.ts';
import { loadConfig } from '../config/config.ts';
import { installationFile, masterKeysOf } from '../config/master-keys.ts';
import { beginRotation, endRotation, openInstallation, readInstallation } from './installation.ts';
import { tryLock } from './lock-file.ts';
import { prepareFolder } from './postgres-folder.ts';
import { identify } from './process-identity.ts';

const now = new Date('2026-11-20T10:00:00Z');
let dataDir = '';

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'fleet-folder-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const messageOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
  return 'nothing was thrown';
};

describe('the secrets of a data folder', () => {
  test('are made once, for the owner’s eyes only', () => {
    expect(readInstallation(dataDir)).toBeNull();
    const made = openInstallation(dataDir, now);
    expect(openInstallation(dataDir, new Date())).toEqual(made);
    expect(statSync(installationFile(dataDir)).mode & 0o777).toBe(0o600);
    expect(made.inngestSigningKey).toMatch(/^signkey-prod-(?:[0-9a-f]{2})+$/);
    const secrets = Object.values(made).filter((value) => typeof value === 'string');
    expect(new Set(secrets).size).toBe(secrets.length);
  });

  test('lose rights that others were given', () => {
    openInstallation(dataDir, now);
    chmodSync(installationFile(dataDir), 0o644);
    readInstallation(dataDir);
    expect(statSync(installationFile(dataDir)).mode & 0o777).toBe(0o600);
  });

  test('have two master keys while one takes over, the same two after a crash, and one again at the end', () => {
    const { masterKey } = openInstallation(dataDir, now);
    const keys = beginRotation(dataDir);
    expect(keys.earlier).toBe(masterKey);
    expect(beginRotation(dataDir)).toEqual(keys);
    const read = masterKeysOf(loadConfig({ FLEET_DATA_DIR: dataDir }));
    expect(read()).toEqual(keys);
    endRotation(dataDir);
    expect(read()).toEqual({ present: keys.present, earlier: null });
    expect(statSync(installationFile(dataDir)).mode & 0o777).toBe(0o600);
  });

  test.each<[string, (folder: string) => void, string]>([
    ['newer', (folder) => writeFileSync(installationFile(folder), '{"format":2}'), 'made by a newer Fleet (format 2'],
    ['older', (folder) => writeFileSync(installationFile(folder), '{"format":0}'), 'made by an older Fleet (format 0'],
    ['not JSON', (folder) => writeFileSync(installationFile(folder), '{"form'), 'is damaged (not JSON)'],
    ['cut', (folder) => writeFileSync(installationFile(folder), '{"format":1}'), 'is damaged (createdAt)'],
    ['gone', (folder) => mkdirSync(path.join(folder, 'pg')), 'its installation.json is missing'],
  ])('that are %s are refused with what to do', (_, spoil, says) => {
    spoil(dataDir);
    const message = messageOf(() => openInstallation(dataDir, now));
    expect(message).toContain(says);
    expect(message).toMatch(/FLEET_DATA_DIR=|backup/);
  });
});

describe('the claim of a data folder', () => {
  const url = 'http://127.0.0.1:3000';

  test('holds until it is released', () => {
    const claim = claimDataFolder({ dataDir, url, now });
    expect(findRunning(dataDir)).toEqual({ pid: process.pid, url, appUrl: null, children: [] });
    expect(messageOf(() => claimDataFolder({ dataDir, url, now }))).toContain(`as process ${process.pid}: ${url}`);
    claim.release();
    expect(findRunning(dataDir)).toBeNull();
    claimDataFolder({ dataDir, url, now }).release();
  });

  test('keeps what it must not show to others, such as the database’s address, to its owner', () => {
    claimDataFolder({ dataDir, url, now }).recordAppUrl('postgresql://fleet_app:secret@127.0.0.1/fleet');
    expect(statSync(path.join(dataDir, 'up.json')).mode & 0o777).toBe(0o600);
  });

  test('passes over from a dead supervisor, with the children that it left', () => {
    const living = identify(process.ppid);
    if (living === null) throw new Error('no parent process');
    const dead = { pid: 2 ** 22 - 1, born: 'never' };
    const children = { web: living, worker: dead };
    writeFileSync(path.join(dataDir, 'up.lock'), JSON.stringify(dead));
    writeFileSync(path.join(dataDir, 'up.json'), JSON.stringify({ url, appUrl: null, startedAt: '', children }));
    const claim = claimDataFolder({ dataDir, url, now });
    expect(claim.orphans).toEqual([{ name: 'web', identity: living }]);
    const recorded = () => JSON.parse(readFileSync(path.join(dataDir, 'up.json'), 'utf8')).children;
    expect(recorded()).toEqual(children);
    claim.recordChild('web', null);
    expect(recorded()).toEqual({ worker: dead });
  });

  test('a pid that belongs to another process by now holds nothing', () => {
    const file = path.join(dataDir, 'up.lock');
    writeFileSync(file, JSON.stringify({ pid: process.pid, born: 'earlier' }));
    expect(tryLock(file).held).toBe(true);
  });
});

describe('a data folder that cannot be used', () => {
  test.each([
    ['below a file', () => path.join(installationFile(dataDir), 'below')],
    ['where nothing can be made', () => '/proc/fleet/data'],
  ])('%s is refused by name, with what to do', (_, place) => {
    openInstallation(dataDir, now);
    const message = messageOf(() => prepareFolder(place()));
    expect(message).toContain(`The data folder ${place()} cannot be written (E`);
    expect(message).toContain('FLEET_DATA_DIR=');
  });
});
