import { appendOrgEvents } from '../../db/append-event.ts';
import type { Bus } from '../../../inngest/bus/events.ts';
import { newId } from '../../db/new-id.ts';
import { AppError } from '../../domain/errors.ts';
import { testLane, testMessage } from '../../domain/webhooks/webhook.ts';
import { sendAfterCommit } from '../pipeline/send-after-commit.ts';
import { lockWebhook } from './change-webhook.ts';
import type { WebhookDeps } from './save-webhook.ts';

type Deps = WebhookDeps & { bus: Bus };

const mostTests = 20;

/** Sends a message that says nothing, so that a person sees whether it arrives. Throws `not_found`, `conflict` for one that is off. */
export async function testWebhook(
  { database, orgId, actor, now, bus }: Deps,
  { webhookId }: { webhookId: string },
): Promise<void> {
  await database.transaction(orgId, async (tx) => {
    const { row, said } = await lockWebhook(tx, { orgId, webhookId });
    if (row.disabledAt !== null) throw new AppError('conflict', 'This webhook is turned off. Turn it on first.');
    const ofTests = { orgId, webhookId, lane: testLane };
    const { _max: max } = await tx.webhookDelivery.aggregate({ where: ofTests, _max: { seq: true } });
    if ((await tx.webhookDelivery.count({ where: { ...ofTests, state: 'pending' } })) >= mostTests) {
      throw new AppError('conflict', 'Enough test messages wait for this webhook.');
    }
    const fresh = { kind: testMessage, state: 'pending' as const, tries: 0, leaf: 0, dueAt: now, queuedAt: now };
    const id = newId('webhookDelivery');
    await tx.webhookDelivery.create({ data: { ...ofTests, id, seq: (max.seq ?? 0) + 1, ...fresh } });
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'webhook.tested', payload: said }] });
  });
  await sendAfterCommit(bus, [{ name: 'webhook/deliver-requested', data: { orgId, webhookId } }]);
}

/** Sends what was given up once more: one message, or all of them (`deliveryId` null). Throws `not_found`, `conflict`. */
export async function resendDeadLetters(
  { database, orgId, actor, now, bus }: Deps,
  { webhookId, deliveryId }: { webhookId: string; deliveryId: string | null },
): Promise<{ messages: number }> {
  const messages = await database.transaction(orgId, async (tx) => {
    const { row, said } = await lockWebhook(tx, { orgId, webhookId });
    if (row.disabledAt !== null) throw new AppError('conflict', 'This webhook is turned off. Turn it on first.');
    const { count } = await tx.webhookDelivery.updateMany({
      where: { orgId, webhookId, state: 'dead', ...(deliveryId !== null && { id: deliveryId }) },
      data: { state: 'pending', tries: 0, dueAt: now, endedAt: null },
    });
    if (count === 0) throw new AppError('not_found', 'There is no such message that was given up.');
    const payload = { ...said, messages: count };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'webhook.resent', payload }] });
    return count;
  });
  await sendAfterCommit(bus, [{ name: 'webhook/deliver-requested', data: { orgId, webhookId } }]);
  return { messages };
}
