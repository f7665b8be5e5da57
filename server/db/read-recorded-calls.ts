import { fromCanonicalBytes } from '../domain/audit/canonical.ts';
import { runEvents, type RunEventPayload } from '../domain/events/run-events.ts';
import type { OrgDb } from './connect.ts';
import { rawOf } from './raw.ts';

export type RecordedCall = { runId: string; at: Date } & RunEventPayload<'tool.intended'>;

/** Calls that were decided on since `since`, run by run. `after`: the stream that the last page ended with. */
type Query = { since: Date; after: string | null; limit: number };
type Row = { stream_id: string; run_id: string; at: Date; payload: Buffer };
type Page = { calls: RecordedCall[]; next: string | null };

/** An erased call says nothing that could be decided on. */
const condition = `from event e join stream s on s.org_id = e.org_id and s.id = e.stream_id
  where e.org_id = $1 and s.kind = 'run' and e.kind = 'tool.intended' and e.at >= $2
  and length(e.payload) > 0`;

export async function countRecordedCalls(db: OrgDb, since: Date): Promise<number> {
  const raw = rawOf(db);
  const text = `select count(*)::int as calls ${condition}`;
  const [row] = await raw.query<{ calls: number }>({ text, values: [raw.orgId, since] });
  return row?.calls ?? 0;
}

/** A page of whole runs: at most `limit` calls, or one run that has more. */
export async function readRecordedCalls(db: OrgDb, { since, after, limit }: Query): Promise<Page> {
  const raw = rawOf(db);
  const rows = await raw.query<Row>({
    name: 'recorded_calls',
    text: `select e.stream_id, s.subject as run_id, e.at, e.payload ${condition}
      and e.stream_id > $3 order by e.stream_id, e.seq limit $4`,
    values: [raw.orgId, since, after ?? '', limit + 1],
  });
  if (rows.length <= limit) return { calls: rows.map(decode), next: null };
  const cut = rows.at(-1)!.stream_id;
  const whole = rows.filter(({ stream_id: id }) => id !== cut);
  if (whole.length > 0) return { calls: whole.map(decode), next: whole.at(-1)!.stream_id };
  const one = await raw.query<Row>({
    text: `select e.stream_id, s.subject as run_id, e.at, e.payload ${condition} and e.stream_id = $3 order by e.seq`,
    values: [raw.orgId, since, cut],
  });
  return { calls: one.map(decode), next: cut };
}

function decode({ run_id: runId, at, payload }: Row): RecordedCall {
  return { runId, at, ...runEvents['tool.intended'].parse(fromCanonicalBytes(payload)) };
}
