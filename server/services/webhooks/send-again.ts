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

/** One message that was given up, or all of them (`deliveryId` null). */
type Dead = { webhookId: string; deliveryId: string | null };

const deadOf = (orgId: string, { webhookId, deliveryId }: Dead) => ({
  ...{ orgId, webhookId, state: 'dead' as const },
  ...(deliveryId !== null && { id: deliveryId }),
});

const noneGivenUp = () => new AppError('not_found', 'There is no such message that was given up.');

/** Sends what was given up once more. Throws `not_found`, `conflict`. */
export async function resendDeadLetters(
  { database, orgId, actor, now, bus }: Deps,
  dead: Dead,
): Promise<{ messages: number }> {
  const { webhookId } = dead;
  const messages = await database.transaction(orgId, async (tx) => {
    const { row, said } = await lockWebhook(tx, { orgId, webhookId });
    if (row.disabledAt !== null) throw new AppError('conflict', 'This webhook is turned off. Turn it on first.');
    const { count } = await tx.webhookDelivery.updateMany({
      where: deadOf(orgId, dead),
      data: { state: 'pending', tries: 0, dueAt: now, endedAt: null },
    });
    if (count === 0) throw noneGivenUp();
    const payload = { ...said, messages: count };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'webhook.resent', payload }] });
    return count;
  });
  await sendAfterCommit(bus, [{ name: 'webhook/deliver-requested', data: { orgId, webhookId } }]);
  return { messages };
}

/** Forgets what was given up; the log keeps what it told of. Also of a webhook that is off. Throws `not_found`. */
export async function discardDeadLetters(
  { database, orgId, actor, now }: WebhookDeps,
  dead: Dead,
): Promise<{ messages: number }> {
  const { webhookId, deliveryId } = dead;
  const messages = await database.transaction(orgId, async (tx) => {
    const { said } = await lockWebhook(tx, { orgId, webhookId });
    const { count } = await tx.webhookDelivery.deleteMany({ where: deadOf(orgId, dead) });
    if (count === 0) throw noneGivenUp();
    const payload = { ...said, messages: count, deliveryId };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'webhook.discarded', payload }] });
    return count;
  });
  return { messages };
}
