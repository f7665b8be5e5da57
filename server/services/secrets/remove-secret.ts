import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database } from '../../db/connect.ts';
import type { Actor } from '../../domain/events/actor.ts';

type Deps = { database: Database; orgId: string; actor: Actor; now: Date };

/** Forgets a secret; sandboxes that are open keep it to their end. One that is gone already is fine. */
export async function removeSecret(
  { database, orgId, actor, now }: Deps,
  { secretId }: { secretId: string },
): Promise<void> {
  await database.transaction(orgId, async (tx) => {
    const row = await tx.networkSecret.findUnique({ where: { orgId_id: { orgId, id: secretId } } });
    const removed = await tx.networkSecret.deleteMany({ where: { orgId, id: secretId } });
    if (row === null || removed.count === 0) return;
    const events = [{ kind: 'secret.removed' as const, payload: { secretId, name: row.name } }];
    await appendOrgEvents(tx, { orgId, actor, at: now, events });
  });
}
