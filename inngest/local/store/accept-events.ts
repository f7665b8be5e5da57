import type { Pool } from 'pg';
import { queueCalls } from './schema.sql.ts';

export type NewRun = {
  id: string;
  callId: string;
  functionId: string;
  /** JSON. */
  event: string;
  slots: readonly string[];
  cancelKeys: readonly string[];
  /** The event's key: once within the window, for all functions together. Null for an event nothing identifies. */
  eventKey: string | null;
  /** The function's own idempotency key. */
  runKey: string | null;
};
export type Cancellation = { functionId: string; key: string; eventKey: string | null };
type Accepted = { runs: number; cancelled: number };

/** Keys must differ within one batch: a second row of the same key in one statement is an error in SQL. */
export type Batch = { runs: readonly NewRun[]; cancellations: readonly Cancellation[] };

const sql = `
with new_run as (
  select * from json_to_recordset($1::json) as r(
    id uuid, "callId" uuid, "functionId" text, event text, slots text[], "cancelKeys" text[], "eventKey" text, "runKey" text
  )
), cancellation as (
  select * from json_to_recordset($2::json) as c("functionId" text, key text, "eventKey" text)
), fresh_event as (
  insert into engine.dedup as d (key, expires_at)
  select distinct k.key, now() + interval '24 hours'
  from (select "eventKey" as key from new_run union select "eventKey" from cancellation) k where k.key is not null
  on conflict (key) do update set expires_at = excluded.expires_at where d.expires_at <= now()
  returning key
), told as (
  select * from new_run where "eventKey" is null or "eventKey" in (select key from fresh_event)
), fresh_run as (
  insert into engine.dedup as d (key, expires_at)
  select "runKey", now() + interval '24 hours' from told where "runKey" is not null
  on conflict (key) do update set expires_at = excluded.expires_at where d.expires_at <= now()
  returning key
), cancelled as (
  update engine.run r set status = 'cancelled', ended_at = now()
  from cancellation c
  where r.function_id = c."functionId" and r.status = 'active' and r.cancel_keys @> array[c.key]
    and (c."eventKey" is null or c."eventKey" in (select key from fresh_event))
  returning r.id
), dropped as (
  delete from engine.call where run_id in (select id from cancelled)
), started as (
  insert into engine.run (id, function_id, event, slots, cancel_keys)
  select id, "functionId", event, slots, "cancelKeys" from told
  where "runKey" is null or "runKey" in (select key from fresh_run)
  returning id
), calls as (
  insert into engine.call (id, run_id, kind, attempt, losses, due_at)
  select new_run."callId", started.id, 'discover', 0, 0, now() from started join new_run using (id)
  returning id, due_at
), ${queueCalls}
select coalesce((select jobs from queued), 0)::int as runs, (select count(*) from cancelled)::int as cancelled`;

/** Cancels, then starts runs and queues their first calls, in one statement: all of it or nothing, in one round trip. */
export async function acceptEvents(pool: Pool, batch: Batch): Promise<Accepted> {
  const values = [JSON.stringify(batch.runs), JSON.stringify(batch.cancellations)];
  const { rows } = await pool.query<Accepted>({ name: 'engine-accept', text: sql, values });
  return rows[0] ?? { runs: 0, cancelled: 0 };
}
