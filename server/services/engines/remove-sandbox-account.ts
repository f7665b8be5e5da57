import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database } from '../../db/connect.ts';
import type { Actor } from '../../domain/events/actor.ts';
import { baseUrlOf } from '../../domain/engines/sandbox-account.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';

type Deps = { database: Database; orgId: string; actor: Actor; now: Date };

/**
 * Forgets the org's account: its next sandboxes are made where the operator says. Nothing happens, and nothing is logged,
 * where there is none.
 */
export async function removeSandboxAccount({ database, orgId, actor, now }: Deps): Promise<void> {
  await database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    const row = await tx.sandboxAccount.findUnique({ where: { orgId } });
    if (row === null) return;
    await tx.sandboxAccount.deleteMany({ where: { orgId } });
    const payload = { baseUrl: baseUrlOf(row.domain) };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'sandbox-account.removed', payload }] });
  });
}
