import type { DataKeyStore } from '../domain/ports/data-keys.ts';
import type { SystemDb } from './connect.ts';

/** Data keys and the ids of master keys in their tables. */
export function dataKeyStore({ dataKey, masterKey }: SystemDb): DataKeyStore {
  return {
    of: (owner) => dataKey.findMany({ where: { owner }, orderBy: { number: 'asc' } }),
    add: (key) => doneUnless(['P2002', 'P2003'], dataKey.create({ data: key })),
    under: (masterKeyId) => dataKey.findMany({ where: { masterKeyId } }),
    async rewrap({ owner, number, ...sealed }, from) {
      await dataKey.updateMany({ where: { owner, number, masterKeyId: from }, data: sealed });
    },
    masterKeyIds: async () => (await masterKey.findMany({ orderBy: { createdAt: 'asc' } })).map(({ id }) => id),
    async addMasterKey(id) {
      await masterKey.createMany({ data: [{ id }], skipDuplicates: true });
    },
    forgetMasterKey: (id) => doneUnless(['P2003'], masterKey.deleteMany({ where: { id } })),
  };
}

async function doneUnless(codes: string[], change: Promise<unknown>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    if (codes.includes(String((error as { code?: unknown }).code))) return false;
    throw error;
  }
}
