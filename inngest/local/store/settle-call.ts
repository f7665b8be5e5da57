import type { Pool } from 'pg';
import { queueCalls } from './schema.sql.ts';
import type { CallKind, OpenCall, StoredStep } from './load-call.ts';

export type NextCall = {
  kind: CallKind;
  stepId: string | null;
  attempt: number;
  losses: number;
  delayMs: number;
};

/** What a call led to. */
export type Outcome = {
  /** Steps that are done now; the one the call was for, if any, is among them exactly when it needs no further call. */
  done: readonly StoredStep[];
  /** Steps the run waits for from now on; those it already waits for or has done are passed over. */
  planned: readonly (NextCall & { stepId: string })[];
  /** The same call again. */
  again: NextCall | null;
  /** The run's end. JSON. */
  end: { status: 'completed'; output: string } | { status: 'failed'; error: string } | null;
};
type Settled = { moved: boolean; queued: number; pending: number };

const sql = `
with locked as (
  -- The run first, then its calls: the order in which a cancellation locks them too.
  select id from engine.run where id = $2 and status = 'active' for update
), used_up as (
  delete from engine.call c using locked where c.id = $1 and c.run_id = locked.id returning c.run_id, c.kind
), done as (
  select * from json_to_recordset($3::json) as d(id text, data text, error text, ordinal int)
), plan as (
  select * from json_to_recordset($4::json)
    as p("callId" uuid, kind text, "stepId" text, attempt int, losses int, "delayMs" double precision)
), waited_for as (
  insert into engine.step (run_id, id)
  select used_up.run_id, plan."stepId" from used_up, plan where plan."stepId" is not null
  on conflict do nothing returning id
), moved as (
  -- Counted on the row itself: two parallel steps that end at once each see the other's count, so one of them goes on.
  update engine.run r set
    pending = r.pending + (select count(*) from waited_for)
      - (case when used_up.kind <> 'discover' and $5::boolean then 1 else 0 end),
    steps_done = r.steps_done + (select count(*) from done),
    status = coalesce($6, r.status), output = $7, error = $8,
    ended_at = case when $6::text is null then null else now() end
  from used_up where r.id = used_up.run_id
  returning r.id, r.pending, r.steps_done, r.status
), saved as (
  insert into engine.step (run_id, id, position, data, error)
  select moved.id, done.id, moved.steps_done - (select count(*) from done) + done.ordinal, done.data, done.error
  from moved, done
  on conflict (run_id, id) do update set position = excluded.position, data = excluded.data, error = excluded.error
), follow_up as (
  select "callId" as id, kind, "stepId" as step_id, attempt, losses, "delayMs" as delay_ms
  from plan where "stepId" in (select id from waited_for)
  union all
  select "callId", kind, "stepId", attempt, losses, "delayMs" from json_to_record($9::json)
    as a("callId" uuid, kind text, "stepId" text, attempt int, losses int, "delayMs" double precision)
  where $9::json is not null
  union all
  select $10::uuid, 'discover', null, 0, 0, 0 from moved
  where moved.pending = 0 and exists (select from done)
), calls as (
  insert into engine.call (id, run_id, kind, step_id, attempt, losses, due_at)
  select f.id, moved.id, f.kind, f.step_id, f.attempt, f.losses, now() + f.delay_ms * interval '1 millisecond'
  from follow_up f, moved where moved.status = 'active'
  returning id, due_at
), dropped as (
  delete from engine.call c using moved where c.run_id = moved.id and moved.status <> 'active' and c.id <> $1
), ${queueCalls}
select exists (select from moved) as moved, coalesce((select jobs from queued), 0)::int as queued,
  coalesce((select pending from moved), 0) as pending`;

/**
 * Writes a call's outcome, uses the call up and queues what follows, in one statement. `moved` is false when there was
 * nothing left to settle: the run was cancelled, or a call delivered twice was settled before.
 */
export async function settleCall(
  pool: Pool,
  { call, outcome, newId }: { call: OpenCall; outcome: Outcome; newId: () => string },
): Promise<Settled> {
  const { end } = outcome;
  const withId = (next: NextCall) => ({ ...next, callId: newId() });
  const values = [
    call.id,
    call.runId,
    JSON.stringify(outcome.done.map((step, index) => ({ ...step, ordinal: index + 1 }))),
    JSON.stringify(outcome.planned.map(withId)),
    outcome.done.some((step) => step.id === call.stepId),
    end?.status ?? null,
    end?.status === 'completed' ? end.output : null,
    end?.status === 'failed' ? end.error : null,
    outcome.again === null ? null : JSON.stringify(withId(outcome.again)),
    newId(),
  ];
  const { rows } = await pool.query<Settled>({ name: 'engine-settle', text: sql, values });
  return rows[0] ?? { moved: false, queued: 0, pending: 0 };
}
