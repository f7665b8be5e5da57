import type { ChainedEvent } from '../domain/audit/chained-event.ts';
import { conditionOf, everything } from './log-query.ts';
import type { LogQuery } from './log-query.ts';
import type { Raw } from './raw.ts';

/** An event as the leaf of the tree that it is; `log` and `subject` are those of its stream. */
export type LeafRow = ChainedEvent & { leaf: number; stream: string; log: string; subject: string };

type Leaves = { from: number; to: number; query?: LogQuery | undefined };

const segmentsBetween = `
  from tree_segment g
  join event e on e.org_id = g.org_id and e.stream_id = g.stream_id
    and e.seq between g.from_seq + greatest($2 - g.start, 0) and least(g.to_seq, g.from_seq + ($3 - 1 - g.start))`;

const ofThese = `
  where g.org_id = $1 and g.start < $3
    and g.start >= coalesce((select max(start) from tree_segment where org_id = $1 and start <= $2), 0)`;

/** The leaves from `from` up to and without `to` that are asked for. Events that are not there leave a gap, for a verifier to find. */
export function readLeaves(raw: Raw, { from, to, query = everything }: Leaves): Promise<LeafRow[]> {
  const condition = conditionOf(query, 4);
  return raw.query<LeafRow>({
    text: `
      select g.start + (e.seq - g.from_seq) as leaf, e.stream_id as stream, s.kind::text as log, s.subject,
        e.seq, e.kind, e.at, e.header, e.payload, e.salt, e.hash, x.tombstone
      ${segmentsBetween} join stream s on s.org_id = e.org_id and s.id = e.stream_id
      left join erasure x on x.org_id = e.org_id and x.stream_id = e.stream_id and x.seq = e.seq and length(e.payload) = 0
      ${ofThese} and ${condition.text} order by g.start, e.seq`,
    values: [raw.orgId, from, to, ...condition.values],
  });
}

/** Where those are that are asked for, without what they say. */
export function readLeafPlaces(raw: Raw, { from, to, query = everything }: Leaves) {
  const condition = conditionOf(query, 4);
  return raw.query<{ leaf: number; stream: string; seq: number; kind: string }>({
    text: `
      select g.start + (e.seq - g.from_seq) as leaf, e.stream_id as stream, e.seq, e.kind
      ${segmentsBetween} join stream s on s.org_id = e.org_id and s.id = e.stream_id
      ${ofThese} and ${condition.text} order by g.start, e.seq`,
    values: [raw.orgId, from, to, ...condition.values],
  });
}

/** The hashes of all events there, in order. */
export async function readLeafHashes(raw: Raw, { from, to }: { from: number; to: number }): Promise<Buffer[]> {
  const rows = await raw.query<{ hash: Buffer }>({
    name: 'tree_leaves',
    text: `select e.hash ${segmentsBetween} ${ofThese} order by g.start, e.seq`,
    values: [raw.orgId, from, to],
  });
  return rows.map(({ hash }) => hash);
}
