import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database, OrgTx } from '../../db/connect.ts';
import type { ClaimedDelivery } from '../../db/webhooks.ts';
import type { Mailer } from '../../domain/ports/mailer.ts';
import { failingMs, type AfterTry } from '../../domain/webhooks/after-try.ts';
import { mailEach, ownersOf } from '../orgs/owners.ts';
import { lockWebhook } from './change-webhook.ts';

type Deps = { database: Database; mailer: Mailer; report(error: unknown, where: string): void };
type Settling = { orgId: string; webhookId: string; claimed: ClaimedDelivery; after: AfterTry; now: Date };

/** Writes down what became of a try, unless somebody else has the message by now; turns off a webhook that is gone or failed for long. */
export async function settleDelivery(deps: Deps, settling: Settling): Promise<void> {
  const { database } = deps;
  const { orgId, webhookId, after, now } = settling;
  const failingSince = await database.transaction(orgId, (tx) => settle(tx, settling));
  if (after.kind === 'delivered') return;
  const isOver = failingSince !== null && now.getTime() - failingSince.getTime() >= failingMs;
  if (after.kind !== 'gone' && !isOver) return;
  const why = after.kind === 'gone' ? 'gone' : 'failing';
  await turnOff(deps, { orgId, webhookId, why, problem: after.problem, now });
}

async function settle(tx: OrgTx, { orgId, webhookId, claimed, after, now }: Settling): Promise<Date | null> {
  const where = { orgId, id: webhookId };
  const fine = after.kind === 'delivered';
  const said = fine ? { deliveredAt: now, failingSince: null, problem: null } : { problem: after.problem };
  const [hook] = await tx.webhook.updateManyAndReturn({ where, data: said });
  if (!fine) await tx.webhook.updateMany({ where: { ...where, failingSince: null }, data: { failingSince: now } });
  const mine = { orgId, id: claimed.id, state: 'pending' as const, tries: claimed.tries };
  await tx.webhookDelivery.updateMany({ where: mine, data: stateAfter(after, now) });
  return hook?.failingSince ?? null;
}

function stateAfter(after: AfterTry, now: Date) {
  switch (after.kind) {
    case 'delivered':
      return { state: 'delivered' as const, endedAt: now, problem: null };
    case 'again':
      return { dueAt: new Date(now.getTime() + after.waitMs), problem: after.problem };
    case 'dead':
      return { state: 'dead' as const, endedAt: now, problem: after.problem };
    case 'gone':
      return { dueAt: now, problem: after.problem };
  }
}

type Off = { orgId: string; webhookId: string; why: 'failing' | 'gone'; problem: string; now: Date };

async function turnOff(deps: Deps, { orgId, webhookId, why, problem, now }: Off): Promise<void> {
  const { database } = deps;
  const place = await database.transaction(orgId, async (tx) => {
    const { said } = await lockWebhook(tx, { orgId, webhookId });
    const { count } = await tx.webhook.updateMany({
      where: { orgId, id: webhookId, disabledAt: null },
      data: { disabledAt: now, problem },
    });
    if (count === 0) return null;
    const actor = { type: 'system' as const, reason: 'a webhook that takes nothing' };
    const payload = { ...said, why, problem };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'webhook.disabled', payload }] });
    return said.place;
  });
  if (place !== null) await mailEach(deps, await ownersOf(database, orgId), offMail(place, { why, problem }));
}

function offMail(place: string, { why, problem }: Pick<Off, 'why' | 'problem'>) {
  const reason = why === 'gone' ? 'It answered that it is gone.' : 'Nothing came through for three days.';
  return {
    subject: `Fleet has turned off the webhook ${place}`,
    text: [
      `The webhook of your org to ${place} was turned off. ${reason} You get this mail as an owner.`,
      '',
      `The last thing that happened: ${problem}`,
      '',
      'Nothing is lost: what was to be sent is in the log. When you turn it on again under Settings, Webhooks, it goes on where it was.',
    ].join('\n'),
  };
}
