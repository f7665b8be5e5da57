import { appendOrgEvents } from '../../../db/append-event.ts';
import type { OrgTx } from '../../../db/connect.ts';
import { newId } from '../../../db/new-id.ts';
import { AppError } from '../../../domain/errors.ts';
import { requesterOf } from '../../../domain/events/actor.ts';
import { lockOrgStream } from '../../tasks/lock-org-stream.ts';
import type { RetentionDeps } from './set-retention.ts';

/** Nothing of the org, or of one run, is erased until the hold is lifted. Throws `conflict` where there is one, `not_found` for no run. */
export async function placeHold(
  { database, orgId, actor, now }: RetentionDeps,
  { runId, reason }: { runId: string | null; reason: string },
): Promise<void> {
  const placedBy = requesterOf(actor);
  if (placedBy === null) throw new AppError('forbidden', 'A hold is placed by a person.');
  await database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    if ((await database.system.deletedOrg.count({ where: { orgId } })) > 0)
      throw new AppError('conflict', 'It is too late: this org is being deleted.');
    if (runId !== null && (await tx.run.count({ where: { orgId, id: runId } })) === 0)
      throw new AppError('not_found', 'There is no such run in this org.');
    if ((await tx.legalHold.count({ where: { orgId, runId } })) > 0)
      throw new AppError('conflict', 'There is such a hold already.');
    const id = newId('legalHold');
    await tx.legalHold.create({ data: { orgId, id, runId, reason, placedBy, placedAt: now } });
    const payload = { holdId: id, runId, reason };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'hold.placed', payload }] });
  });
}

/** What was held may be erased again. Throws AppError `not_found`. */
export async function liftHold(
  { database, orgId, actor, now }: RetentionDeps,
  { holdId: id, reason }: { holdId: string; reason: string },
): Promise<void> {
  await database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    const hold = await tx.legalHold.findUnique({ where: { orgId_id: { orgId, id } } });
    const { count } = await tx.legalHold.deleteMany({ where: { orgId, id } });
    if (hold === null || count === 0) throw new AppError('not_found', 'There is no such hold.');
    const payload = { holdId: id, runId: hold.runId, reason };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'hold.lifted', payload }] });
  });
}

/** Whether any hold stands: an org that is held, if only one run of it, does not go. */
export async function isAnythingHeld(db: Pick<OrgTx, 'legalHold'>, orgId: string): Promise<boolean> {
  return (await db.legalHold.count({ where: { orgId } })) > 0;
}

/** Throws AppError `conflict` where a hold keeps what is to be erased. `runId` null: it is in the org's own log. */
export async function assertNotHeld(
  tx: OrgTx,
  { orgId, runId }: { orgId: string; runId: string | null },
): Promise<void> {
  const held = await tx.legalHold.findFirst({
    where: { orgId, OR: [{ runId: null }, ...(runId === null ? [] : [{ runId }])] },
  });
  if (held)
    throw new AppError(
      'conflict',
      `A legal hold keeps this: ${held.reason}. Lift it first, under Settings, Retention.`,
    );
}
