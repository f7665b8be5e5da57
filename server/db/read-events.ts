import type { z } from 'zod';
import { fromCanonicalBytes } from '../domain/audit/canonical.ts';
import { hex } from '../domain/audit/bytes.ts';
import { getTombstone } from '../domain/audit/tombstone.ts';
import type { Tombstone } from '../domain/audit/tombstone.ts';
import { parseHeader } from '../domain/audit/chained-event.ts';
import type { Actor } from '../domain/events/actor.ts';
import { erasedPayload } from '../domain/events/erased-payload.ts';
import { orgEvents } from '../domain/events/org-events.ts';
import type { OrgEvent } from '../domain/events/org-events.ts';
import { runEvents } from '../domain/events/run-events.ts';
import type { RunEvent } from '../domain/events/run-events.ts';
import type { OrgTx } from './connect.ts';
import { tombstonesOf } from './erase.ts';
import { rawOf, type Raw } from './raw.ts';

/** How the payload of an event went, where it is erased. */
type ErasedBy = Pick<Tombstone, 'at' | 'actor' | 'reason'>;

/** An event as readers get it. `hash` is hex. Of an erased one the payload is what is left of it, with a note for each text. */
export type EventRow = { seq: number; at: Date; actor: Actor; hash: string; erased: ErasedBy | null } & (
  RunEvent | OrgEvent
);

type Which = { streamId: string } | { kind: 'run' | 'org'; subject: string };
type Query = Which & { orgId: string; afterSeq: number; limit: number };

type Row = {
  stream: 'run' | 'org';
  stream_id: string;
  seq: number;
  kind: string;
  at: Date;
  header: Buffer;
  payload: Buffer;
  hash: Buffer;
};

/** Events of one stream in order, those after `afterSeq`, at most `limit`. A stream that is not there has none. */
export async function readEvents(db: OrgTx, query: Query): Promise<EventRow[]> {
  const { orgId, afterSeq, limit } = query;
  const by = 'streamId' in query ? [query.streamId] : [query.kind, query.subject];
  const stream =
    'streamId' in query
      ? '$4'
      : `(select id from stream where org_id = $1 and kind = $4::text::"StreamKind" and subject = $5)`;
  const raw = rawOf(db);
  const rows = await raw.query<Row>({
    name: 'streamId' in query ? 'read_events' : 'read_events_of',
    text: `select s.kind::text as stream, e.stream_id, e.seq, e.kind, e.at, e.header, e.payload, e.hash
      from event e join stream s on s.org_id = e.org_id and s.id = e.stream_id
      where e.org_id = $1 and e.stream_id = ${stream} and e.seq > $2 order by e.seq limit $3`,
    values: [orgId, afterSeq, limit, ...by],
  });
  return decodeAll(raw, rows);
}

async function decodeAll(raw: Raw, rows: Row[]): Promise<EventRow[]> {
  const gone = rows.filter(({ payload }) => payload.length === 0);
  const places = gone.map(({ stream_id, seq }) => ({ stream: stream_id, seq }));
  const tombstones = await tombstonesOf(raw, places);
  return rows.map((row) => decode(row, tombstones.get(`${row.stream_id}/${row.seq}`) ?? null));
}

/** What is said of a run as a whole: all its events of these kinds, and the last one of each kind that replaces what was before. */
export async function readEventsOfKinds(
  db: OrgTx,
  { runId, kinds, lastOf, limit }: { runId: string; kinds: string[]; lastOf: string[]; limit: number },
): Promise<EventRow[]> {
  const raw = rawOf(db);
  const rows = await raw.query<Row>({
    text: `with of_run as (select e.* from event e where e.org_id = $1 and e.kind = any($3::text[] || $4::text[])
        and e.stream_id = (select id from stream where org_id = $1 and kind = 'run' and subject = $2))
      select 'run' as stream, stream_id, seq, kind, at, header, payload, hash from of_run e
      where kind = any($3) or seq = (select max(seq) from of_run l where l.kind = e.kind)
      order by seq limit $5`,
    values: [raw.orgId, runId, kinds, lastOf, limit],
  });
  return decodeAll(raw, rows);
}

/** All events of one stream, read in pages, for folds over a whole log. */
export async function readAllEvents(db: OrgTx, query: Which & { orgId: string }): Promise<EventRow[]> {
  const all: EventRow[] = [];
  for (;;) {
    const page = await readEvents(db, { ...query, afterSeq: all.at(-1)?.seq ?? 0, limit: 500 });
    all.push(...page);
    if (page.length < 500) return all;
  }
}

/** A kind means what its stream says: some are told both to the run and to the org. */
const schemas: Record<Row['stream'], Record<string, z.ZodType>> = { org: orgEvents, run: runEvents };

function decode({ stream, seq, kind, at, header, payload, hash }: Row, tombstone: string | null): EventRow {
  const actor = parseHeader(header)?.actor;
  const schema = Object.hasOwn(schemas[stream], kind) ? schemas[stream][kind] : undefined;
  if (!actor || !schema) throw new Error(`event ${seq} (${kind}) is not one this Fleet can read`);
  const stone = tombstone === null ? null : getTombstone(tombstone);
  const erased = stone && { at: stone.at, actor: stone.actor, reason: stone.reason };
  // The note in the place of a text is longer than some texts may be: what is left is checked without it.
  const read =
    stone === null
      ? schema.parse(fromCanonicalBytes(payload))
      : erasedPayload({ ...stone, left: schema.parse(stone.left) });
  return { seq, kind, at, actor, hash: hex(hash), erased, payload: read } as EventRow;
}
