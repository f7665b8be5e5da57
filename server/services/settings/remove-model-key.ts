import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database } from '../../db/connect.ts';
import type { Actor } from '../../domain/events/actor.ts';
import type { ModelStatusView } from '../../domain/views/views.ts';
import { modelKeyName } from './model-key.ts';
import { modelStatus } from './model-status.ts';

type Deps = { database: Database; orgId: string; actor: Actor; now: Date; environmentModelKey: boolean };

/** Forgets the org's model key. Nothing happens, and nothing is logged, where there is none. */
export async function removeModelKey(deps: Deps): Promise<ModelStatusView> {
  const { database, orgId, actor, now, environmentModelKey } = deps;
  await database.transaction(orgId, async (tx) => {
    const removed = await tx.secret.deleteMany({ where: { orgId, name: modelKeyName } });
    if (removed.count === 0) return;
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'model-key.removed', payload: {} }] });
  });
  return modelStatus({ keyHint: null, environmentModelKey });
}
