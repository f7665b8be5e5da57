import { readTreeHead } from '../../db/seal-tree.ts';
import { can } from '../../domain/authz/scopes.ts';
import type { WebhookDeliveryView, WebhookView } from '../../domain/views/webhook-views.ts';
import { headLane, placeOfWebhook, testLane } from '../../domain/webhooks/webhook.ts';
import type { ViewQuery } from '../views/view-query.ts';

const mostShown = 20;

/** What a page may know of a webhook: no secret, sealed or not. */
const noSecrets = { ciphertext: true, nonce: true, earlierCiphertext: true, earlierNonce: true } as const;

/** The org's webhooks, what waits for each, and what became of the last messages. */
export async function getWebhooks(query: ViewQuery): Promise<WebhookView[]> {
  const { db, orgId } = query;
  const rows = await db.webhook.findMany({ where: { orgId }, orderBy: { createdAt: 'asc' }, omit: noSecrets });
  const size = (await readTreeHead(db))?.size ?? 0;
  const views: WebhookView[] = [];
  for (const row of rows) views.push(await viewOf(query, row, size));
  return views;
}

type Row = Awaited<ReturnType<ViewQuery['db']['webhook']['findMany']>>[number];

async function viewOf(
  { db, orgId, viewer, now }: ViewQuery,
  row: Omit<Row, keyof typeof noSecrets>,
  size: number,
): Promise<WebhookView> {
  const { id, url, filter, sendsEvents, sendsHeads, problem, nextLeaf, earlierUntil } = row;
  const countOf = (state: 'pending' | 'dead') => db.webhookDelivery.count({ where: { orgId, webhookId: id, state } });
  return {
    ...{ id, filter, sendsEvents, sendsHeads, problem },
    url: can(viewer.role, 'org:configure') ? url : placeOfWebhook(url),
    deliveredAt: iso(row.deliveredAt),
    failingSince: iso(row.failingSince),
    disabledAt: iso(row.disabledAt),
    earlierUntil: earlierUntil !== null && earlierUntil > now ? earlierUntil.toISOString() : null,
    waiting: await countOf('pending'),
    dead: await countOf('dead'),
    behind: sendsEvents ? Math.max(0, size - nextLeaf) : 0,
    last: await lastOf({ db, orgId }, id),
  };
}

const iso = (at: Date | null) => at?.toISOString() ?? null;

async function lastOf({ db, orgId }: Pick<ViewQuery, 'db' | 'orgId'>, webhookId: string) {
  const of = { orgId, webhookId };
  const tried = { OR: [{ state: { not: 'pending' as const } }, { tries: { gt: 0 } }] };
  // What was given up is shown before all else: somebody has to do something about it.
  const dead = await db.webhookDelivery.findMany({
    where: { ...of, state: 'dead' },
    orderBy: { endedAt: 'desc' },
    take: mostShown,
  });
  const others = await db.webhookDelivery.findMany({
    where: { ...of, state: { not: 'dead' }, ...tried },
    orderBy: [{ queuedAt: 'desc' }, { leaf: 'desc' }],
    take: mostShown,
  });
  return [...dead, ...others].map(({ id, kind, lane, seq, state, tries, problem, ...at }): WebhookDeliveryView => {
    const event = lane === headLane || lane === testLane ? null : { streamId: lane, seq };
    return {
      ...{ id, kind, event, state, tries, problem },
      dueAt: at.dueAt.toISOString(),
      queuedAt: at.queuedAt.toISOString(),
      endedAt: iso(at.endedAt),
    };
  });
}
