import type { OrgTx } from './connect.ts';
import { conditionOf } from './log-query.ts';
import type { LogQuery } from './log-query.ts';
import { rawOf } from './raw.ts';

/** Where an event stands among all of its org: in time, and within a moment by stream and number. */
export type LogPlace = { at: Date; stream: string; seq: number };

export type FoundEvent = LogPlace & {
  log: 'org' | 'run';
  subject: string;
  kind: string;
  header: Buffer;
  hash: Buffer;
  bytes: number;
  /** Null where it is longer than was asked for. */
  payload: Buffer | null;
  /** Of an event whose payload was erased. */
  tombstone: string | null;
};

type Search = { query: LogQuery; before: LogPlace | null; limit: number; payloadUpTo: number };

/** How many events one call looks at, found or not: a filter that little passes must not read a whole log in one go. */
const mostSeen = 5_000;

const fields = `e.stream_id as stream, e.seq, e.at, s.kind::text as log, s.subject, e.kind, e.header, e.hash,
  length(e.payload) as bytes, case when length(e.payload) <= $2 then e.payload end as payload,
  case when length(e.payload) = 0 then (select x.tombstone from erasure x
    where x.org_id = e.org_id and x.stream_id = e.stream_id and x.seq = e.seq) end as tombstone`;

/**
 * The latest events that pass, newest first, of those before a place. `next` is where to go on, also when nothing was found so
 * far; null at the beginning of the log.
 */
export async function searchLog(
  db: OrgTx,
  { query, before, limit, payloadUpTo }: Search,
): Promise<{ found: FoundEvent[]; next: LogPlace | null }> {
  const raw = rawOf(db);
  const condition = conditionOf(query, 9);
  const rows = await raw.query<FoundEvent & { passes: boolean }>({
    text: `
      with seen as materialized (
        select * from event e
        where e.org_id = $1 and ($3::timestamptz is null or (e.at, e.stream_id, e.seq) < ($3, $4::text, $5::int))
          and ($8::timestamptz is null or e.at >= $8)
        order by e.at desc, e.stream_id desc, e.seq desc limit $6
      ), last as (select at, stream_id, seq, (select count(*) from seen) = $6 as more from seen order by at, stream_id, seq limit 1),
      passing as (
        select ${fields} from seen e join stream s on s.org_id = $1 and s.id = e.stream_id
        where ${condition.text} order by e.at desc, e.stream_id desc, e.seq desc limit $7
      )
      select true as passes, * from passing
      union all
      select false, stream_id, seq, at, 'org', '', '', '', '', 0, null, null from last where more`,
    values: [
      ...[raw.orgId, payloadUpTo, before?.at ?? null, before?.stream ?? null, before?.seq ?? null],
      ...[mostSeen, limit, query.after],
      ...condition.values,
    ],
  });
  const found = rows.filter(({ passes }) => passes);
  const end = rows.find(({ passes }) => !passes) ?? null;
  const place = found.length === limit ? (found.at(-1) ?? null) : end;
  return { found, next: place && { at: place.at, stream: place.stream, seq: place.seq } };
}

/** One event; null when it is not there. */
export async function findEvent(
  db: OrgTx,
  { stream, seq, payloadUpTo }: { stream: string; seq: number; payloadUpTo: number },
): Promise<FoundEvent | null> {
  const raw = rawOf(db);
  const [row] = await raw.query<FoundEvent>({
    text: `select ${fields} from event e join stream s on s.org_id = e.org_id and s.id = e.stream_id
      where e.org_id = $1 and e.stream_id = $3 and e.seq = $4`,
    values: [raw.orgId, payloadUpTo, stream, seq],
  });
  return row ?? null;
}

export type LastCheck = { at: Date; payload: Buffer };

/** How many events the org has, and the last event of its own stream by which the log was verified. */
export async function logStanding(db: OrgTx): Promise<{ events: number; verified: LastCheck | null }> {
  const raw = rawOf(db);
  const [counted] = await raw.query<{ events: number }>({
    text: 'select coalesce(sum(head_seq), 0)::int as events from stream where org_id = $1',
    values: [raw.orgId],
  });
  const [verified] = await raw.query<LastCheck>({
    text: `select at, payload from event e
      where org_id = $1 and stream_id = (select id from stream where org_id = $1 and kind = 'org' and subject = $1)
        and kind = 'audit.verified' order by seq desc limit 1`,
    values: [raw.orgId],
  });
  return { events: counted?.events ?? 0, verified: verified ?? null };
}
