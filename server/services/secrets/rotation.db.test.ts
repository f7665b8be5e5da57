import { beforeAll, describe, expect, it } from 'vitest';
import { encrypt } from '../../adapters/secrets/aes-gcm.ts';
import { rotateMasterKey } from '../../adapters/secrets/rotate-master-key.ts';
import { secretBoxes } from '../../adapters/secrets/secret-boxes.ts';
import { mustKnowMasterKeys } from '../../boot/know-master-keys.ts';
import { dataKeyStore } from '../../db/data-keys.ts';
import { newId } from '../../db/new-id.ts';
import type { DataKeyStore } from '../../domain/ports/data-keys.ts';
import { masterKeyId, type MasterKeys } from '../../domain/secrets/master-keys.ts';
import { testAuditKeys } from '../../testing/audit-keys.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { makeOrg } from '../../testing/factories.ts';
import { sealAnew } from './seal-anew.ts';

const [old, fresh] = ['ab'.repeat(32), 'cd'.repeat(32)];

let t: TestDatabase;
let store: DataKeyStore;
beforeAll(async () => {
  t = await testDatabase();
  store = dataKeyStore(t.database.system);
});

/** Processes of an installation: all read the same keys, which change under them. */
function processes(keys: MasterKeys) {
  const held = { keys };
  return { held, boxes: secretBoxes({ store, masterKeys: () => held.keys }) };
}

describe('rotating the master key', () => {
  it('changes no secret and stops nobody, and its crash is mended by the next call', async () => {
    const { held, boxes } = processes({ present: old, earlier: null });
    const owners = Array.from({ length: 40 }, (_, n) => `org_before_${n}`);
    const sealed = new Map<string, ReturnType<Awaited<ReturnType<typeof boxes.of>>['seal']>>();
    for (const owner of owners) sealed.set(owner, (await boxes.of(owner)).seal(`secret of ${owner}`, 'x'));

    held.keys = { present: fresh, earlier: old };
    let left = 7;
    const dying: DataKeyStore = {
      ...store,
      rewrap: (key, from) => (left-- > 0 ? store.rewrap(key, from) : Promise.reject(new Error('killed'))),
    };
    await expect(rotateMasterKey(dying, { present: fresh, earlier: old })).rejects.toThrow('killed');
    expect((await store.masterKeyIds()).toSorted()).toEqual([masterKeyId(old), masterKeyId(fresh)].toSorted());
    for (const [owner, value] of sealed) expect((await boxes.of(owner)).open(value, 'x')).toBe(`secret of ${owner}`);

    const stale = processes({ present: old, earlier: null });
    const atWork = Array.from({ length: 60 }, async (_, n) => {
      const owner = `org_during_${n}`;
      // Half of the processes learn of the new key only when the old one is refused.
      const own = n % 2 === 0 ? boxes : stale.boxes;
      if (n % 2 === 1 && n > 30) stale.held.keys = held.keys;
      const box = await own.of(owner).catch(() => boxes.of(owner));
      sealed.set(owner, box.seal(`secret of ${owner}`, 'x'));
    });
    const [wrapped] = await Promise.all([rotateMasterKey(store, { present: fresh, earlier: old }), ...atWork]);
    expect(wrapped).toBeGreaterThanOrEqual(33);
    held.keys = { present: fresh, earlier: null };
    expect(await store.masterKeyIds()).toEqual([masterKeyId(fresh)]);
    for (const [owner, value] of sealed) expect((await boxes.of(owner)).open(value, 'x')).toBe(`secret of ${owner}`);
    expect(sealed.size).toBe(100);
    expect(await rotateMasterKey(store, { present: fresh, earlier: old })).toBe(0);
  });

  it('a start with another key than the database’s says so in words, without either key', async () => {
    const starting = mustKnowMasterKeys(t.appUrl, { present: '12'.repeat(32), earlier: null });
    await expect(starting).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching('FLEET_MASTER_KEY is not the key'),
    });
    await expect(starting).rejects.not.toMatchObject({ message: expect.stringMatching(/(12|cd){32}/) });
    await mustKnowMasterKeys(t.appUrl, { present: '12'.repeat(32), earlier: fresh });
  });
});

it('what an earlier Fleet sealed under the master key itself is sealed anew, once', async () => {
  const { database, admin } = await testDatabase();
  const { orgId, db } = await makeOrg(database);
  const early = (text: string, context: string) => {
    return { ...encrypt(Buffer.from(old, 'hex'), Buffer.from(text), context), keyVersion: 1 };
  };
  const row = { orgId, id: newId('secret'), name: 'anthropic-api-key', hint: '…', updatedAt: new Date() };
  await db.secret.create({ data: { ...row, ...early('a model key', `${orgId}:anthropic-api-key`) } });
  const other = await makeOrg(database);
  const lost = { ...row, orgId: other.orgId, id: newId('secret') };
  const underLost = { ...encrypt(Buffer.from('ee'.repeat(32), 'hex'), Buffer.from('x'), 'x'), keyVersion: 1 };
  await other.db.secret.create({ data: { ...lost, ...underLost } });
  const keys = testAuditKeys(database, old);
  const { name } = await keys.signer();
  const boxes = secretBoxes({
    store: dataKeyStore(database.system),
    masterKeys: () => ({ present: old, earlier: null }),
  });
  const [published] = await database.system.auditKey.findMany();
  const context = `audit-key/${Buffer.from(published!.publicKey).toString('hex')}`;
  const pem = (await boxes.of('installation')).open(published!, context);
  await database.system.auditKey.updateMany({ where: { number: 1 }, data: early(pem, context) });

  expect(await sealAnew(database, boxes)).toBe(1);
  expect(await sealAnew(database, boxes)).toBe(0);
  expect((await testAuditKeys(database, old).signer()).name).toBe(name);
  // What no key opens stays, and keeps nobody else's from being sealed.
  expect(
    await admin(`select 'lost' as what, key_version as v from secret where org_id = '${other.orgId}'
      union all select 'secret', key_version from secret where org_id = '${orgId}' union all select 'key', key_version from audit_key`),
  ).toEqual([
    { what: 'lost', v: 1 },
    { what: 'secret', v: 2 },
    { what: 'key', v: 2 },
  ]);
  const [again] = await db.secret.findMany();
  expect((await boxes.of(orgId)).open(again!, `${orgId}:anthropic-api-key`)).toBe('a model key');
  await expect(admin('update audit_key set public_key = public_key')).rejects.toMatchObject({ code: '42501' });
});
