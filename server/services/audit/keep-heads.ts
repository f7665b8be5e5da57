import type { Database } from '../../db/connect.ts';
import type { AuditKeys } from '../../domain/ports/audit-keys.ts';
import type { HeadKeeper } from '../../domain/ports/head-keeper.ts';
import { readHead } from './read-head.ts';

type Keeping = {
  database: Database;
  auditKeys: AuditKeys;
  headKeeper: HeadKeeper | null;
  report(error: unknown, where: string): void;
};

/** Keeps the last signed head of every org that has a newer one than is kept, whoever signed it. An org that cannot be kept keeps no other waiting. */
export async function keepHeads({ database, auditKeys, headKeeper, report }: Keeping): Promise<{ kept: number }> {
  let kept = 0;
  if (headKeeper === null) return { kept };
  for (const { orgId, size } of await database.headSizes()) {
    try {
      if ((await headKeeper.lastSize(orgId)) >= size) continue;
      const head = await readHead({ db: database.org(orgId), orgId, auditKeys });
      if (head === null) continue;
      await headKeeper.keep(orgId, head.note);
      kept += 1;
    } catch (error) {
      report(error, `keeping the head of ${orgId}`);
    }
  }
  return { kept };
}
