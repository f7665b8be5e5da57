import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import type { SecretBoxes } from '../../domain/ports/secret-box.ts';
import { overlapMs } from '../../domain/webhooks/after-try.ts';
import { placeOfWebhook } from '../../domain/webhooks/webhook.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { noWebhook, type WebhookDeps } from './save-webhook.ts';
import { newWebhookSecret } from './webhook-secret.ts';

type Which = { webhookId: string };

/** The webhook, with the org's stream and then its row locked, as all who change one take them. Throws `not_found`. */
export async function lockWebhook(tx: OrgTx, { orgId, webhookId }: Which & { orgId: string }) {
  await lockOrgStream(tx, orgId);
  const data = { nextLeaf: { increment: 0 } };
  const [row] = await tx.webhook.updateManyAndReturn({ where: { orgId, id: webhookId }, data });
  if (!row) throw noWebhook();
  return { row, said: { webhookId, place: placeOfWebhook(row.url) } };
}

/** Forgets a webhook and all that waits for it. Throws `not_found`. */
export async function removeWebhook({ database, orgId, actor, now }: WebhookDeps, { webhookId }: Which): Promise<void> {
  await database.transaction(orgId, async (tx) => {
    const { said } = await lockWebhook(tx, { orgId, webhookId });
    await tx.webhookDelivery.deleteMany({ where: { orgId, webhookId } });
    await tx.webhook.deleteMany({ where: { orgId, id: webhookId } });
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'webhook.removed', payload: said }] });
  });
}

/** Turns a webhook on, from where it had come to, or off. Nothing happens where it is so already. Throws `not_found`. */
export async function enableWebhook(
  { database, orgId, actor, now }: WebhookDeps,
  { webhookId, enabled }: Which & { enabled: boolean },
): Promise<void> {
  await database.transaction(orgId, async (tx) => {
    const { said } = await lockWebhook(tx, { orgId, webhookId });
    const { count } = await tx.webhook.updateMany({
      where: { orgId, id: webhookId, disabledAt: enabled ? { not: null } : null },
      data: enabled ? { disabledAt: null, failingSince: null, problem: null } : { disabledAt: now },
    });
    if (count === 0) return;
    if (enabled) {
      const where = { orgId, webhookId, state: 'pending' as const };
      await tx.webhookDelivery.updateMany({ where, data: { dueAt: now, tries: 0 } });
    }
    const event = enabled
      ? { kind: 'webhook.enabled' as const, payload: said }
      : { kind: 'webhook.disabled' as const, payload: { ...said, why: 'person' as const, problem: '' } };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [event] });
  });
}

/** Makes a new secret, which is in the answer this once. The one before signs too for a day. Throws `not_found`. */
export async function changeWebhookSecret(
  { database, orgId, actor, now, secretBoxes }: WebhookDeps & { secretBoxes: SecretBoxes },
  { webhookId }: Which,
): Promise<{ secret: string }> {
  const { secret, sealed } = await newWebhookSecret(secretBoxes, { orgId, id: webhookId });
  const earlierUntil = new Date(now.getTime() + overlapMs);
  await database.transaction(orgId, async (tx) => {
    const { row, said } = await lockWebhook(tx, { orgId, webhookId });
    const { ciphertext: earlierCiphertext, nonce: earlierNonce, keyVersion: earlierKeyVersion } = row;
    const earlier = { earlierCiphertext, earlierNonce, earlierKeyVersion, earlierUntil };
    await tx.webhook.updateMany({ where: { orgId, id: webhookId }, data: { ...sealed, ...earlier } });
    const payload = { ...said, earlierUntil: earlierUntil.toISOString() };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'webhook.secret-changed', payload }] });
  });
  return { secret };
}
