import { exportedEvent } from '../domain/audit/exported-log.ts';
import type { LineOf } from '../domain/audit/exported-log.ts';
import { untoldKind } from '../domain/webhooks/webhook.ts';
import type { OrgTx } from './connect.ts';
import type { LogQuery } from './log-query.ts';
import { headsBetween } from './export-log.ts';
import type { SealedHead } from '../domain/audit/head-note.ts';
import { rawOf } from './raw.ts';
import { readLeafPlaces, readLeaves } from './read-leaves.ts';

export type LeafPlace = { leaf: number; stream: string; seq: number; kind: string };

/** Where the events of these leaves are that a webhook is told of. */
export async function leavesToTell(
  db: OrgTx,
  { from, to, query }: { from: number; to: number; query: LogQuery },
): Promise<LeafPlace[]> {
  const places = await readLeafPlaces(rawOf(db), { from, to, query });
  return places.filter(({ kind }) => kind !== untoldKind);
}

/** The event of one leaf as a line of an exported log, erased where it is; null where it is not there. */
export async function exportedLeaf(db: OrgTx, leaf: number): Promise<LineOf<'event'> | LineOf<'erased'> | null> {
  const [row] = await readLeaves(rawOf(db), { from: leaf, to: leaf + 1 });
  return row ? exportedEvent({ leaf, stream: row.stream }, row) : null;
}

/** The head that was signed at that size. */
export async function headOfSize(db: OrgTx, size: number): Promise<SealedHead | null> {
  return (await headsBetween(rawOf(db), size - 1, size)).get(size) ?? null;
}

export type ClaimedDelivery = {
  id: string;
  lane: string;
  seq: number;
  leaf: number;
  kind: string;
  tries: number;
};

/** Of a webhook that is on: due, and nothing before it in its lane waits. */
const dueDelivery = `
  from webhook_delivery d join webhook w on w.org_id = d.org_id and w.id = d.webhook_id and w.disabled_at is null
  where d.org_id = $1 and d.webhook_id = $2 and d.state = 'pending' and d.due_at <= $3
    and not exists (select from webhook_delivery b where b.org_id = d.org_id and b.webhook_id = d.webhook_id
      and b.lane = d.lane and b.state = 'pending' and b.seq < d.seq)`;

/**
 * Takes the first message that is due; it belongs to the caller until `until`, or until it is settled with this number of tries. Null
 * where none is.
 */
export async function claimDelivery(
  db: OrgTx,
  { webhookId, now, until }: { webhookId: string; now: Date; until: Date },
): Promise<ClaimedDelivery | null> {
  const raw = rawOf(db);
  const [row] = await raw.query<ClaimedDelivery>({
    text: `
      update webhook_delivery set tries = tries + 1, due_at = $4
      where org_id = $1 and state = 'pending' and due_at <= $3 and id = (
        select d.id ${dueDelivery} order by d.leaf, d.id limit 1 for update of d skip locked)
      returning id, lane, seq, leaf, kind, tries`,
    values: [raw.orgId, webhookId, now, until],
  });
  return row ?? null;
}

export async function isDeliveryDue(db: OrgTx, { webhookId, now }: { webhookId: string; now: Date }): Promise<boolean> {
  const raw = rawOf(db);
  const rows = await raw.query({ text: `select ${dueDelivery} limit 1`, values: [raw.orgId, webhookId, now] });
  return rows.length > 0;
}
