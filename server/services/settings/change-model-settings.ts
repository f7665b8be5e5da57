import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database, OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import type { Actor } from '../../domain/events/actor.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import { modelSettings, type ModelSettings } from '../../domain/models/model-settings.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { readModelSettings } from './read-model-supply.ts';

export type ModelChangeDeps = { database: Database; orgId: string; actor: Actor; now: Date };

type Change = { settings: ModelSettings; event: OrgEvent };

/**
 * Reads an org's model settings, changes them and writes them down with the event, one change at a time. What `change`
 * throws leaves everything as it was.
 */
export async function changeModelSettings(
  { database, orgId, actor, now }: ModelChangeDeps,
  change: (before: ModelSettings, tx: OrgTx) => Promise<Change>,
): Promise<void> {
  await database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    const { settings, event } = await change(await readModelSettings(tx, orgId), tx);
    const body = modelSettings.parse(settings);
    await tx.modelSettings.upsert({
      where: { orgId },
      create: { orgId, id: newId('modelSettings'), body, updatedAt: now },
      update: { body, updatedAt: now },
    });
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [event] });
  });
}
