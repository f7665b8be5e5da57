import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database } from '../../db/connect.ts';
import { sealTree } from '../../db/seal-tree.ts';
import { headNote, type SealedHead } from '../../domain/audit/head-note.ts';
import { nodeHashing } from '../../domain/audit/node-hashing.ts';
import { AppError } from '../../domain/errors.ts';
import type { AuditKeys } from '../../domain/ports/audit-keys.ts';
import type { Mailer } from '../../domain/ports/mailer.ts';
import { isAnythingHeld } from '../audit/retention/holds.ts';
import { orgDeleted } from './deletion-mails.ts';
import { findDeletion } from './org-deletion.ts';
import { mailEach, ownersOf } from './owners.ts';

type Purging = {
  database: Database;
  auditKeys: AuditKeys;
  mailer: Mailer;
  report(error: unknown, where: string): void;
  /** Why each org that is due could not go, when that was told last. */
  told: Map<string, string>;
};

/**
 * Takes away the orgs whose grace is over. One of which anything is held stays, and one whose log is not whole, or
 * cannot be signed; the operator is told: its evidence is not what its owners asked to be rid of. A crash at any point is gone on from.
 */
export async function purgeOrgs(purging: Purging): Promise<{ purged: number }> {
  const { database, told } = purging;
  let purged = 0;
  const due = await database.dueDeletions();
  for (const { orgId, begun } of due) {
    try {
      if (!begun) await begin(purging, orgId);
      while ((await database.purgeStep(orgId)) > 0);
      purged += 1;
      told.delete(orgId);
    } catch (error) {
      reportOnce(purging, orgId, error);
    }
  }
  for (const orgId of told.keys()) if (!due.some((one) => one.orgId === orgId)) told.delete(orgId);
  return { purged };
}

/** An org that cannot go is asked about every minute; the same reason is told once. */
function reportOnce({ report, told }: Purging, orgId: string, error: unknown): void {
  const why = String(error);
  if (told.get(orgId) === why) return;
  told.set(orgId, why);
  report(error, `deleting the org ${orgId}`);
}

/** Unless a hold was placed meanwhile: the log's last word, its last head, and the point of no return; then its owners are told. */
async function begin(purging: Purging, orgId: string): Promise<void> {
  const { database, auditKeys } = purging;
  const now = await database.time();
  await assertNoHold(database, orgId);
  await sayGone(database, { orgId, now });
  const head = await sealTree(database, { orgId, keys: auditKeys, now });
  // A hold is an event of the log: one that is placed after this is beyond the head, and the database begins no purge then.
  await assertNoHold(database, orgId);
  const org = await database.org(orgId).org.findUniqueOrThrow({ where: { id: orgId } });
  const owners = await ownersOf(database, orgId);
  await database.beginPurge(orgId);
  const note = await noteOf(auditKeys, orgId, head);
  await mailEach(purging, owners, orgDeleted(org, { note, at: now }));
}

async function assertNoHold({ org }: Database, orgId: string): Promise<void> {
  if (!(await isAnythingHeld(org(orgId), orgId))) return;
  throw new AppError('conflict', 'A legal hold keeps what this org did. It goes when the hold is lifted.');
}

async function sayGone(database: Database, { orgId, now }: { orgId: string; now: Date }): Promise<void> {
  await database.transaction(orgId, async (tx) => {
    const deletion = await findDeletion(tx, orgId);
    if (deletion === null) return;
    const said = { orgId, kind: 'org.deleted', at: { gte: deletion.requestedAt } };
    if ((await tx.event.count({ where: said })) > 0) return;
    const { id: deletionId, requestedBy, requestedAt } = deletion;
    const payload = { deletionId, requestedBy, requestedAt: requestedAt.toISOString() };
    const actor = { type: 'system' as const, reason: 'the grace of its deletion is over' };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'org.deleted', payload }] });
  });
}

async function noteOf(auditKeys: AuditKeys, orgId: string, head: SealedHead | null): Promise<string> {
  if (head === null) return '';
  return headNote(nodeHashing.sha256, orgId, { head, keys: await auditKeys.published() });
}
