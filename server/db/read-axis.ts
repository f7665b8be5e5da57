import type { OrgTx } from './connect.ts';
import { rawOf } from './raw.ts';

type Span = { runId: string; from: Date; to: Date; buckets: number };

/** A stretch of a run's time; `index` -1 is all that was before the span. `tree` is the last that was kept in it. */
export type AxisRow = {
  index: number;
  firstSeq: number;
  lastSeq: number;
  turn: number | null;
  messages: number;
  tools: number;
  failed: number;
  spentMicros: number;
  tree: string | null;
};

export type RunSpan = { first: Date; last: Date; headSeq: number };

const of = `e.org_id = $1 and e.stream_id = (select id from stream where org_id = $1 and kind = 'run' and subject = $2)`;
const messages = ['message.added', 'model.replied', 'model.failed', 'rules.read', 'run.reported', 'run.handed-off'];
const costly = ['model.replied', 'model.failed', 'summary.rejected', 'context.compacted'];

/** When a run began and what was last heard of it; null before its first event. */
export async function readSpan(db: OrgTx, { runId }: { runId: string }): Promise<RunSpan | null> {
  const raw = rawOf(db);
  const [row] = await raw.query<RunSpan>({
    text: `select a.at as first, z.at as last, z.seq as "headSeq"
      from (select at from event e where ${of} order by seq limit 1) a,
        (select at, seq from event e where ${of} order by seq desc limit 1) z`,
    values: [raw.orgId, runId],
  });
  return row ?? null;
}

/**
 * What every stretch of a span holds, counted where the events are. Only payloads that say what was spent are read; in those of
 * calls that ended it is enough to look for the outcome, because a quote within a text is escaped.
 */
export async function readAxis(db: OrgTx, { runId, from, to, buckets }: Span): Promise<AxisRow[]> {
  const raw = rawOf(db);
  return raw.query<AxisRow>({
    text: `
      with seen as (
        select e.seq, e.kind, e.payload,
          case when e.at < $3 then -1
            else least($5 - 1, floor(extract(epoch from e.at - $3) * $5 / extract(epoch from $4::timestamptz - $3)))::int
          end as index
        from event e where ${of} and e.at <= $4
      ), counted as (
        select index, min(seq) as "firstSeq", max(seq) as "lastSeq",
          count(*) filter (where kind = any($6::text[]))::int as messages,
          count(*) filter (where kind = 'tool.intended')::int as tools,
          count(*) filter (where kind = 'tool.finished' and length(payload) > 0
            and position('"outcome":"ok"'::bytea in payload) = 0)::int as failed,
          coalesce(sum(case when kind = any($7::text[]) then ${field('costMicros')} end), 0)::float8 as "spentMicros",
          max(case when kind = 'model.called' then ${field('turn')} end)::int as turn,
          max(seq) filter (where kind = 'workspace.snapshotted') as kept
        from seen group by index
      )
      select c.index, "firstSeq", "lastSeq", messages, tools, failed, "spentMicros", turn, ${field('commit', 'text')} as tree
      from counted c left join event e on ${of} and e.seq = c.kept order by c.index`,
    values: [raw.orgId, runId, from, to, buckets, messages, costly],
  });
}

/**
 * Null where the payload is not there any more. A NUL within a text, which PostgreSQL cannot read, is read as another mark of the same
 * length: what stands there is not asked for.
 */
function field(name: string, type: 'bigint' | 'text' = 'bigint'): string {
  return `(case when convert_from(payload, 'UTF8') is json object
    then replace(convert_from(payload, 'UTF8'), '\\u0000', '\\ufffd')::json ->> '${name}' end)::${type}`;
}
