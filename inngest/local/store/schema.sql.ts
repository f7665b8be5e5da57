/**
 * The engine's own tables, in order; each entry is applied once, whole. Payloads are `text`: `jsonb` refuses NUL escapes
 * and lone surrogates and rewrites numbers, and nothing here looks inside them.
 */
export const engineMigrations: readonly string[] = [
  `
  create table engine.function (
    id text primary key,
    app text not null,
    spec text not null,
    registered_at timestamptz not null default now()
  );

  create table engine.run (
    id uuid primary key,
    function_id text not null,
    event text not null,
    slots text[] not null,
    cancel_keys text[] not null,
    status text not null default 'active' check (status in ('active', 'completed', 'failed', 'cancelled')),
    -- Steps planned and not done yet: parallel steps and sleeps. The run goes on when it is back at 0.
    pending int not null default 0 check (pending >= 0),
    steps_done int not null default 0,
    output text,
    error text,
    created_at timestamptz not null default now(),
    ended_at timestamptz,
    check ((status = 'active') = (ended_at is null))
  );
  create index run_active on engine.run (function_id) where status = 'active';
  create index run_ended on engine.run (ended_at) where status <> 'active';

  create table engine.step (
    run_id uuid not null references engine.run on delete cascade,
    id text not null,
    -- Order of completion, 1 first; null while it is planned.
    position int,
    data text,
    error text,
    primary key (run_id, id)
  );

  -- What is still to be done for a run. A call is used up by the one transaction that writes its outcome.
  create table engine.call (
    id uuid primary key,
    run_id uuid not null references engine.run on delete cascade,
    kind text not null check (kind in ('discover', 'step', 'sleep')),
    step_id text,
    attempt int not null,
    losses int not null,
    due_at timestamptz not null,
    check ((kind = 'discover') = (step_id is null))
  );
  create index call_run on engine.call (run_id);

  create table engine.dedup (
    key text primary key,
    expires_at timestamptz not null
  );
  create index dedup_expires on engine.dedup (expires_at);
  `,
];

/** Queues the calls of a CTE named `calls` (id, due_at); goes into the same statement, hence the same transaction. */
export const queueCalls = `
  queued as (
    select count(*) as jobs from graphile_worker.add_jobs(array(
      select ('call', json_build_object('call', id), null, due_at, 1000, 'call:' || id, null, null)::graphile_worker.job_spec
      from calls
    ))
    where exists (select from calls)
  )`;
