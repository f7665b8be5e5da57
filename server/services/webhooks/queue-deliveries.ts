import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database, OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { readTreeHead } from '../../db/seal-tree.ts';
import { isDeliveryDue, leavesToTell, type LeafPlace } from '../../db/webhooks.ts';
import { AppError } from '../../domain/errors.ts';
import { headLane, headMessage, placeOfWebhook } from '../../domain/webhooks/webhook.ts';
import type { Bus } from '../../../inngest/bus/events.ts';
import { resolveFilter } from '../audit/resolve-filter.ts';
import { sendAfterCommit } from '../pipeline/send-after-commit.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';

type Queueing = { database: Database; bus: Bus; report(error: unknown, where: string): void };

/** The log is the queue; of it so many messages of one webhook are rows at a time. */
const mostWaiting = 1000;
const leavesAtOnce = 2000;
const mostSteps = 20;
const keptMs = { delivered: 3 * 86_400_000, dead: 30 * 86_400_000 };

/**
 * Queues for every webhook that is on what was sealed since, and asks for what is due to be sent. A webhook that cannot be queued
 * for keeps no other waiting.
 */
export async function queueDeliveries({ database, bus, report }: Queueing): Promise<{ queued: number }> {
  let queued = 0;
  for (const { orgId, id: webhookId } of await database.webhooksAtWork()) {
    try {
      const now = await database.time();
      const which = { database, orgId, webhookId, now };
      queued += await queueAll(which);
      if (!(await isDeliveryDue(database.org(orgId), { webhookId, now }))) continue;
      await sendAfterCommit(bus, [{ name: 'webhook/deliver-requested', data: { orgId, webhookId } }]);
    } catch (error) {
      report(error, `queueing for the webhook ${webhookId} of ${orgId}`);
    }
  }
  return { queued };
}

type Which = { database: Database; orgId: string; webhookId: string; now: Date };

async function queueAll(which: Which): Promise<number> {
  const { database, orgId, webhookId, now } = which;
  for (const state of ['delivered', 'dead'] as const) {
    const endedAt = { lt: new Date(now.getTime() - keptMs[state]) };
    await database.org(orgId).webhookDelivery.deleteMany({ where: { orgId, webhookId, state, endedAt } });
  }
  let queued = 0;
  for (let step = 0; step < mostSteps; step++) {
    const { messages, more } = await queueStep(which);
    queued += messages;
    if (!more) break;
  }
  return queued;
}

const nothing = { messages: 0, more: false };

async function queueStep(which: Which): Promise<{ messages: number; more: boolean }> {
  const { database, orgId, webhookId } = which;
  const db = database.org(orgId);
  const hook = await db.webhook.findUnique({ where: { orgId_id: { orgId, id: webhookId } } });
  const head = await readTreeHead(db);
  if (hook === null || hook.disabledAt !== null || head === null) return nothing;
  const { size } = head;
  const waiting = await db.webhookDelivery.count({ where: { orgId, webhookId, state: 'pending' } });
  const to = upTo(hook, { size, waiting });
  if (to <= hook.nextLeaf && size <= hook.headSize) return nothing;
  const leaves = await eventsToTell(which, { hook, to });
  if (leaves === null) return nothing;
  const isHeadNews = hook.sendsHeads && size > hook.headSize;
  const news = { hook, now: which.now, to, size, leaves, isHeadNews };
  if (!(await database.transaction(orgId, (tx) => queue(tx, news)))) return nothing;
  return { messages: leaves.length + Number(isHeadNews), more: to < size && waiting + leaves.length < mostWaiting };
}

type Hook = NonNullable<Awaited<ReturnType<OrgTx['webhook']['findUnique']>>>;

/** Who gets no events misses none: it is as far as the log. */
function upTo({ sendsEvents, nextLeaf }: Hook, { size, waiting }: { size: number; waiting: number }): number {
  if (!sendsEvents) return size;
  return waiting >= mostWaiting ? nextLeaf : Math.min(size, nextLeaf + leavesAtOnce);
}

/** Read before anything is locked: what is sealed does not change. Null where its filter cannot be read. */
async function eventsToTell(which: Which, { hook, to }: { hook: Hook; to: number }): Promise<LeafPlace[] | null> {
  const { database, orgId, webhookId, now } = which;
  const { sendsEvents, nextLeaf: from, filter } = hook;
  if (!sendsEvents || to <= from) return [];
  const db = database.org(orgId);
  const query = await resolveFilter({ db, system: database.system, orgId, now }, filter).catch((error: unknown) =>
    noteProblem(db, { orgId, webhookId, error }),
  );
  return query && leavesToTell(db, { from, to, query });
}

/** A filter may name what is there no more: its admins read that on the page, and it goes on once it is mended. */
async function noteProblem(
  db: OrgTx,
  { orgId, webhookId, error }: { orgId: string; webhookId: string; error: unknown },
): Promise<null> {
  if (!(error instanceof AppError) || error.code !== 'invalid_input') throw error;
  const problem = `Its filter cannot be read: ${error.message}`.slice(0, 300);
  await db.webhook.updateMany({ where: { orgId, id: webhookId }, data: { problem } });
  return null;
}

type Queue = {
  hook: Hook;
  now: Date;
  to: number;
  size: number;
  leaves: LeafPlace[];
  isHeadNews: boolean;
};

/** One commit: where it has come to, the rows, and the event that says what is handed out. False where somebody else was first. */
async function queue(tx: OrgTx, { hook, now, to, size, leaves, isHeadNews }: Queue): Promise<boolean> {
  const { orgId, id: webhookId, nextLeaf: from, headSize, filter, sendsEvents, sendsHeads } = hook;
  await lockOrgStream(tx, orgId);
  const { count } = await tx.webhook.updateMany({
    where: { orgId, id: webhookId, nextLeaf: from, headSize, filter, sendsEvents, sendsHeads, disabledAt: null },
    data: { nextLeaf: to, headSize: size },
  });
  if (count === 0) return false;
  const fresh = { orgId, webhookId, state: 'pending' as const, tries: 0, dueAt: now, queuedAt: now };
  const events = leaves.map(({ leaf, stream: lane, seq, kind }) => ({ lane, seq, leaf, kind }));
  const heads = isHeadNews ? [{ lane: headLane, seq: size, leaf: size, kind: headMessage }] : [];
  const data = [...events, ...heads].map((one) => ({ id: newId('webhookDelivery'), ...one, ...fresh }));
  await tx.webhookDelivery.createMany({ data });
  if (events.length === 0) return true;
  const actor = { type: 'system' as const, reason: 'a webhook' };
  const payload = { webhookId, place: placeOfWebhook(hook.url), from, to, events: events.length };
  await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'webhook.queued', payload }] });
  return true;
}
