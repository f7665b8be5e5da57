import type { Database } from '../../db/connect.ts';
import type { SecretBoxes } from '../../domain/ports/secret-box.ts';
import { sealContext } from './seal-context.ts';

/**
 * Seals under its org's data key what an earlier Fleet sealed under the master key itself. Returns how many secrets that
 * were. Throws `unavailable` for one that no master key of ours opens.
 */
export async function sealAnew(database: Database, secretBoxes: SecretBoxes): Promise<number> {
  let count = 0;
  for (const orgId of await database.orgsWithEarlySeals()) {
    const db = database.org(orgId);
    const box = await secretBoxes.of(orgId);
    const early = { orgId, keyVersion: 1 };
    for (const row of await db.secret.findMany({ where: early })) {
      const context = `${orgId}:${row.name}`;
      const where = { orgId, id: row.id, nonce: row.nonce };
      count += (await db.secret.updateMany({ where, data: box.seal(box.open(row, context), context) })).count;
    }
    for (const row of await db.networkSecret.findMany({ where: early })) {
      const context = sealContext({ ...row, orgId });
      const where = { orgId, id: row.id, nonce: row.nonce };
      count += (await db.networkSecret.updateMany({ where, data: box.seal(box.open(row, context), context) })).count;
    }
  }
  return count;
}
