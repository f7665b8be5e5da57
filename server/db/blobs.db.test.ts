import { beforeAll, expect, test } from 'vitest';
import { makeOrg } from '../testing/factories.ts';
import { testDatabase } from '../testing/database.ts';
import type { TestDatabase } from '../testing/database.ts';
import { blobsFor } from './blobs.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});

const noise = (size: number) => Uint8Array.from({ length: size }, (_, n) => (n * 2_654_435_761) >>> 24);

test.each([0, 1, 512 * 1024, 512 * 1024 + 1, 3_000_000])('%d bytes come back as they went in', async (size) => {
  const { db, orgId } = await makeOrg(t.database);
  const blobs = blobsFor(db, orgId);
  const bytes = noise(size);
  const put = await blobs.put(bytes);
  expect(put).toMatchObject({ size });
  expect(Buffer.compare(await blobs.get(put.id), bytes)).toBe(0);
});

test('the same bytes are kept once, also when two come at the same time', async () => {
  const { db, orgId } = await makeOrg(t.database);
  const blobs = blobsFor(db, orgId);
  const bytes = noise(700_000);
  const puts = await Promise.all([blobs.put(bytes), blobs.put(bytes), blobs.put(bytes)]);
  expect(new Set(puts.map(({ id }) => id)).size).toBe(1);
  expect(await blobs.put(bytes)).toEqual(puts[0]);
  expect(await db.blob.count()).toBe(1);
  expect(Buffer.compare(await blobs.get(puts[0]?.id ?? ''), bytes)).toBe(0);
});

test('another org’s output is not found, and the same bytes there are its own', async () => {
  const [a, b] = [await makeOrg(t.database), await makeOrg(t.database)];
  const { id } = await blobsFor(a.db, a.orgId).put(noise(10));
  await expect(blobsFor(b.db, b.orgId).get(id)).rejects.toMatchObject({ code: 'not_found' });
  expect((await blobsFor(b.db, b.orgId).put(noise(10))).id).not.toBe(id);
});

test('bytes that were changed in the database are refused', async () => {
  const { db, orgId } = await makeOrg(t.database);
  const blobs = blobsFor(db, orgId);
  const { id } = await blobs.put(noise(10));
  await t.admin('alter table blob_chunk disable trigger append_only');
  await t.admin(`update blob_chunk set data = 'x' where blob_id = $1`, [id]);
  await t.admin('alter table blob_chunk enable always trigger append_only');
  await expect(blobs.get(id)).rejects.toThrow('not what was stored');
});
