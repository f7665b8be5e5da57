import type { Database } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import type { SecretBox, SecretBoxes } from '../../domain/ports/secret-box.ts';
import { sealContext } from './seal-context.ts';

/**
 * Seals under its org's data key what an earlier Fleet sealed under the master key itself. Returns how many secrets that
 * were. One that no master key of ours opens stays as it is: it must keep no other org's from being sealed, and no worker from
 * starting.
 */
export async function sealAnew(database: Database, secretBoxes: SecretBoxes): Promise<number> {
  let count = 0;
  for (const orgId of await database.orgsWithEarlySeals()) {
    const db = database.org(orgId);
    const box = await secretBoxes.of(orgId);
    const early = { orgId, keyVersion: 1 };
    for (const row of await db.secret.findMany({ where: early })) {
      const context = `${orgId}:${row.name}`;
      const data = anew(box, row, context);
      if (data === null) continue;
      const where = { orgId, id: row.id, nonce: row.nonce };
      count += (await db.secret.updateMany({ where, data })).count;
    }
    for (const row of await db.networkSecret.findMany({ where: early })) {
      const context = sealContext({ ...row, orgId });
      const data = anew(box, row, context);
      if (data === null) continue;
      const where = { orgId, id: row.id, nonce: row.nonce };
      count += (await db.networkSecret.updateMany({ where, data })).count;
    }
  }
  return count;
}

function anew(box: SecretBox, sealed: Parameters<SecretBox['open']>[0], context: string) {
  try {
    return box.seal(box.open(sealed, context), context);
  } catch (error) {
    if (error instanceof AppError && error.code === 'unavailable') return null;
    throw error;
  }
}
