import { describe, expect, it } from 'vitest';
import { AppError } from '../../domain/errors.ts';
import type { DataKeyStore, WrappedKey } from '../../domain/ports/data-keys.ts';
import { encrypt } from './aes-gcm.ts';
import { secretBoxes } from './secret-boxes.ts';

const secret = 'sk-ant-api03-Grüße';
const master = 'ab'.repeat(32);

function memory(): DataKeyStore & { rows: WrappedKey[] } {
  const rows: WrappedKey[] = [];
  const known = new Set<string>();
  return {
    rows,
    of: async (owner) => rows.filter((row) => row.owner === owner),
    add: async (key) => known.has(key.masterKeyId) && rows.push(key) > 0,
    under: async (id) => rows.filter(({ masterKeyId }) => masterKeyId === id),
    rewrap: async () => {},
    masterKeyIds: async () => [...known],
    addMasterKey: async (id) => void known.add(id),
    forgetMasterKey: async (id) => known.delete(id),
  };
}

const boxesOver = (store: DataKeyStore, present = master) =>
  secretBoxes({ store, masterKeys: () => ({ present, earlier: null }) });

describe('the box of an owner', () => {
  it('opens what it sealed, and never seals alike', async () => {
    const box = await boxesOver(memory()).of('org_1');
    const [one, two] = [box.seal(secret, 'key'), box.seal(secret, 'key')];
    expect(box.open(one, 'key')).toBe(secret);
    expect(one.ciphertext).not.toEqual(two.ciphertext);
    expect(Buffer.from(one.ciphertext).includes('sk-ant')).toBe(false);
  });

  it('opens nothing of another owner, kind or id, nothing shortened, nothing with one bit changed', async () => {
    const store = memory();
    const [box, other] = [await boxesOver(store).of('org_1'), await boxesOver(store).of('org_2')];
    const sealed = box.seal(secret, 'key');
    expect(() => other.open(sealed, 'key')).toThrow(AppError);
    expect(() => box.open(sealed, 'key2')).toThrow(/cannot be opened/);
    expect(() => box.open({ ...sealed, keyVersion: 3 }, 'key')).toThrow(AppError);
    for (let at = 0; at < sealed.ciphertext.length; at++) {
      const ciphertext = sealed.ciphertext.slice();
      ciphertext[at]! ^= 1;
      expect(() => box.open({ ...sealed, ciphertext }, 'key')).toThrow(AppError);
      expect(() => box.open({ ...sealed, ciphertext: sealed.ciphertext.slice(0, at) }, 'key')).toThrow(AppError);
    }
  });

  it('is closed to another master key, and to the wrapped key of another owner', async () => {
    const store = memory();
    await boxesOver(store).of('org_1');
    await expect(boxesOver(store, 'cd'.repeat(32)).of('org_1')).rejects.toThrow(/FLEET_MASTER_KEY/);
    await expect(boxesOver(store, 'cd'.repeat(32)).of('org_2')).rejects.toThrow(/FLEET_MASTER_KEY/);
    store.rows.push({ ...store.rows[0]!, owner: 'org_2' });
    await expect(boxesOver(store).of('org_2')).rejects.toThrow(AppError);
  });

  it('opens what was sealed under the master key itself, before there were data keys', async () => {
    const early = { ...encrypt(Buffer.from(master, 'hex'), Buffer.from(secret), 'org_1:key'), keyVersion: 1 };
    const box = await boxesOver(memory()).of('org_1');
    expect(box.open(early, 'org_1:key')).toBe(secret);
    expect(() => box.open(early, 'org_2:key')).toThrow(AppError);
  });
});
