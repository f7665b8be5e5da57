import type { OrgDb, SystemDb } from '../../db/connect.ts';
import type { OrgDeletionView } from '../../domain/views/views.ts';
import { isAnythingHeld } from '../audit/retention/holds.ts';
import { namesOf } from '../views/people.ts';
import { findDeletion } from './org-deletion.ts';

/** When the org is to go and who asked for it; null where it stays. */
export async function deletionView(
  { db, system }: { db: OrgDb; system: SystemDb },
  orgId: string,
): Promise<OrgDeletionView | null> {
  const deletion = await findDeletion(db, orgId);
  if (deletion === null) return null;
  const { requestedBy, requestedAt, dueAt } = deletion;
  const nameOf = await namesOf({ system, db }, [requestedBy]);
  const held = await isAnythingHeld(db, orgId);
  return { by: nameOf(requestedBy), requestedAt: requestedAt.toISOString(), dueAt: dueAt.toISOString(), held };
}
