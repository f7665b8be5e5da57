import type { Database } from '../../db/connect.ts';
import { sealTree } from '../../db/seal-tree.ts';
import type { AuditKeys } from '../../domain/ports/audit-keys.ts';

type Sealing = { database: Database; auditKeys: AuditKeys; report(error: unknown, where: string): void };

/** Signs a head over every org's log that has grown since its last one. A log that cannot be sealed keeps no other waiting. */
export async function sealLogs({ database, auditKeys: keys, report }: Sealing): Promise<{ sealed: number }> {
  let sealed = 0;
  for (const orgId of await database.unsealedOrgs()) {
    try {
      await sealTree(database, { orgId, keys, now: await database.time() });
      sealed += 1;
    } catch (error) {
      report(error, `sealing the log of ${orgId}`);
    }
  }
  return { sealed };
}
