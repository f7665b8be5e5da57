import type { Database } from '../../db/connect.ts';
import { claimDelivery, isDeliveryDue, type ClaimedDelivery } from '../../db/webhooks.ts';
import type { AuditKeys } from '../../domain/ports/audit-keys.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Mailer } from '../../domain/ports/mailer.ts';
import type { SecretBoxes } from '../../domain/ports/secret-box.ts';
import type { SendWebhook, WebhookAnswer } from '../../domain/ports/send-webhook.ts';
import { afterTry, leaseMs } from '../../domain/webhooks/after-try.ts';
import { signedHeaders } from '../../domain/webhooks/sign-message.ts';
import { messageOf } from './message-of.ts';
import { settleDelivery } from './settle-delivery.ts';
import { openWebhookSecrets } from './webhook-secret.ts';

export type Delivering = {
  database: Database;
  auditKeys: AuditKeys;
  secretBoxes: SecretBoxes;
  mailer: Mailer;
  clock: Clock;
  sendWebhook: SendWebhook;
  /** In [0, 1): spreads tries that failed together. */
  roll(): number;
  /** Aborted when the worker is asked to stop. */
  draining: AbortSignal;
  report(error: unknown, where: string): void;
};

export type WhichWebhook = { orgId: string; webhookId: string };

const sliceMs = 20_000;
/** A place that is down is asked a few times a minute and not for each message. */
const mostFailures = 3;

/**
 * Sends what is due to a webhook, one message after the other, for a while. Each is claimed by a commit before it leaves, so a
 * crash sends it once more. `again`: more is due.
 */
export async function deliverWebhook(deps: Delivering, which: WhichWebhook): Promise<{ again: boolean }> {
  const { database, clock, draining } = deps;
  const { orgId, webhookId } = which;
  const begun = clock.elapsed();
  let failures = 0;
  while (!draining.aborted && clock.elapsed() - begun < sliceMs) {
    const outcome = await deliverNext(deps, which);
    if (outcome === null) return { again: false };
    failures = outcome === 'delivered' ? 0 : failures + 1;
    if (failures >= mostFailures) return { again: false };
  }
  return { again: await isDeliveryDue(database.org(orgId), { webhookId, now: await database.time() }) };
}

async function deliverNext(deps: Delivering, which: WhichWebhook): Promise<'delivered' | 'failed' | null> {
  const { database, secretBoxes, roll } = deps;
  const { orgId, webhookId } = which;
  const db = database.org(orgId);
  const row = await db.webhook.findUnique({ where: { orgId_id: { orgId, id: webhookId } } });
  if (row === null || row.disabledAt !== null) return null;
  const now = await database.time();
  const secrets = await openWebhookSecrets(secretBoxes, { orgId, id: webhookId, row, now });
  const claimed = await claimDelivery(db, { webhookId, now, until: new Date(now.getTime() + leaseMs) });
  if (claimed === null) return null;
  const answer = await send(deps, { ...which, url: row.url, secrets, now, claimed });
  const settledAt = await database.time();
  const after = afterTry(answer, { tries: claimed.tries, now: settledAt, roll: roll() });
  await settleDelivery(deps, { ...which, claimed, after, now: settledAt });
  return after.kind === 'delivered' ? 'delivered' : 'failed';
}

type Sending = WhichWebhook & { url: string; secrets: string[]; now: Date; claimed: ClaimedDelivery };

async function send(
  { database, auditKeys, sendWebhook, report }: Delivering,
  { orgId, url, secrets, now, claimed }: Sending,
): Promise<WebhookAnswer> {
  const of = { db: database.org(orgId), orgId, auditKeys, now };
  const body = await messageOf(of, claimed).catch((error: unknown) => {
    report(error, `a message to the webhook ${claimed.id} of ${orgId}`);
    return null;
  });
  if (body === null) return { kind: 'unsent', why: 'What it says cannot be read from the log' };
  const headers = { 'content-type': 'application/json', 'user-agent': 'Fleet-Webhooks/1' };
  const signed = signedHeaders(secrets, { id: claimed.id, at: now, body });
  return sendWebhook({ url, headers: { ...headers, ...signed }, body });
}
