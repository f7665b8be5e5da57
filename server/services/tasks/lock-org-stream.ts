import type { OrgTx } from '../../db/connect.ts';

/** Takes the lock under which the org's stream is appended, so that numbers can be given out one after the other. */
export async function lockOrgStream(tx: OrgTx, orgId: string): Promise<void> {
  await tx.stream.updateMany({ where: { orgId, kind: 'org', subject: orgId }, data: { headSeq: { increment: 0 } } });
}
