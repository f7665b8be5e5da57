import type { OrgTx } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import { whyNoNewWork } from '../../domain/orgs/org-deletion.ts';

export type OpenDeletion = { id: string; requestedBy: string; requestedAt: Date; dueAt: Date };

/** The org's deletion that nobody has undone; null where it stays. */
export async function findDeletion(tx: Pick<OrgTx, 'orgDeletion'>, orgId: string): Promise<OpenDeletion | null> {
  return tx.orgDeletion.findFirst({ where: { orgId, undoneAt: null }, orderBy: { dueAt: 'asc' } });
}

/** Throws `conflict` where the org is about to go: nothing new starts in it. */
export async function refuseWhileGoing(tx: Pick<OrgTx, 'orgDeletion'>, orgId: string): Promise<void> {
  const deletion = await findDeletion(tx, orgId);
  if (deletion !== null) throw new AppError('conflict', whyNoNewWork(deletion.dueAt));
}
