import type { OrgTx } from '../../db/connect.ts';

/** The org's row: before its log, as a claim takes them that warns of a budget. */
export async function lockOrg(tx: OrgTx, orgId: string): Promise<void> {
  await tx.org.updateMany({ where: { id: orgId }, data: { maxRuns: { increment: 0 } } });
}
