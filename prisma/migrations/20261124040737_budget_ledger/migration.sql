-- CreateEnum
CREATE TYPE "BudgetDimension" AS ENUM ('org', 'team', 'repo', 'agent', 'task', 'run');

-- CreateEnum
CREATE TYPE "ReservationStatus" AS ENUM ('open', 'settled');

-- AlterEnum
ALTER TYPE "ApprovalKind" ADD VALUE 'budget';

-- CreateTable
CREATE TABLE "budget_limit" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "dimension" "BudgetDimension" NOT NULL,
    "subject" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "micros" BIGINT,
    "tokens" BIGINT,
    "millis" BIGINT,
    "warn_at" INTEGER[],
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "budget_limit_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "budget" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "dimension" "BudgetDimension" NOT NULL,
    "subject" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "micros_limit" BIGINT,
    "micros_reserved" BIGINT NOT NULL DEFAULT 0,
    "micros_used" BIGINT NOT NULL DEFAULT 0,
    "tokens_limit" BIGINT,
    "tokens_reserved" BIGINT NOT NULL DEFAULT 0,
    "tokens_used" BIGINT NOT NULL DEFAULT 0,
    "millis_limit" BIGINT,
    "millis_used" BIGINT NOT NULL DEFAULT 0,
    "warn_at" INTEGER[],
    "warned" INTEGER NOT NULL DEFAULT 0,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "budget_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "reservation" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "call" TEXT NOT NULL,
    "budgets" TEXT[],
    "micros" BIGINT NOT NULL,
    "tokens" BIGINT NOT NULL,
    "status" "ReservationStatus" NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "reservation_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "budget_entry" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "run_id" TEXT,
    "kind" TEXT NOT NULL,
    "reservation_id" TEXT,
    "budgets" TEXT[],
    "reserved" BIGINT NOT NULL,
    "micros" BIGINT NOT NULL,
    "tokens" BIGINT NOT NULL,
    "millis" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "budget_entry_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "budget_limit_org_id_dimension_subject_period_key" ON "budget_limit"("org_id", "dimension", "subject", "period");

-- CreateIndex
CREATE UNIQUE INDEX "budget_org_id_dimension_subject_period_key" ON "budget"("org_id", "dimension", "subject", "period");

-- CreateIndex
CREATE UNIQUE INDEX "reservation_org_id_run_id_call_key" ON "reservation"("org_id", "run_id", "call");

-- CreateIndex
CREATE INDEX "budget_entry_org_id_at_idx" ON "budget_entry"("org_id", "at");

-- CreateIndex
CREATE INDEX "budget_entry_org_id_run_id_idx" ON "budget_entry"("org_id", "run_id");

-- AddForeignKey
ALTER TABLE "reservation" ADD CONSTRAINT "reservation_org_id_run_id_fkey" FOREIGN KEY ("org_id", "run_id") REFERENCES "run"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ── Row security and rights

ALTER TABLE "budget_limit" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "budget_limit" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "budget_limit" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "budget" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "budget" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "budget" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "reservation" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "reservation" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "reservation" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "budget_entry" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "budget_entry" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "budget_entry" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

GRANT SELECT, INSERT, UPDATE ON "budget_limit", "budget", "reservation" TO fleet_app;
GRANT SELECT, INSERT ON "budget_entry" TO fleet_app;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "budget_entry" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE "budget_entry" ENABLE ALWAYS TRIGGER append_only;

-- ── The ledger. These run as the caller, under row security.

CREATE FUNCTION budget_id(_dimension text, _subject text, _period text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
  SELECT 'bud_' || substr(encode(sha256(convert_to(_dimension || ' ' || _subject || ' ' || _period, 'UTF8')), 'hex'), 1, 32)
$$;

-- The accounts that a run's use counts in, with the limits they have unless people set others.
CREATE FUNCTION budgets_of_run(_org text, _run text, _month text)
RETURNS TABLE (id text, dimension text, subject text, period text, micros bigint, tokens bigint, millis bigint)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT budget_id(x.dimension, x.subject, x.period), x.*
  FROM run r
  JOIN agent a ON a.org_id = r.org_id AND a.id = r.agent_id
  JOIN stage_attempt s ON s.org_id = r.org_id AND s.id = r.stage_attempt_id
  JOIN pipeline_run p ON p.org_id = s.org_id AND p.id = s.pipeline_run_id
  JOIN task t ON t.org_id = p.org_id AND t.id = p.task_id
  CROSS JOIN LATERAL (VALUES
    ('org', r.org_id, _month, NULL::bigint, NULL::bigint, NULL::bigint),
    ('repo', t.repo_id, _month, NULL, NULL, NULL),
    ('agent', r.agent_id, _month, NULL, NULL, a.seconds_limit * 1000::bigint),
    ('agent', r.agent_id, 'total', NULL, NULL, NULL),
    ('task', t.id, 'total', t.cost_limit_micros, NULL, t.seconds_limit * 1000::bigint),
    ('run', r.id, 'total', r.cost_limit_micros, NULL, r.seconds_limit * 1000::bigint)
  ) x (dimension, subject, period, micros, tokens, millis)
  WHERE r.org_id = _org AND r.id = _run;
END
$$;

-- Opens the accounts that are not there yet. What people set for a task or run as a rule is kept under the org's id.
CREATE FUNCTION open_budgets(_org text, _run text, _month text, _at timestamptz) RETURNS void
LANGUAGE sql VOLATILE SET search_path = public, pg_temp AS $$
  INSERT INTO budget (org_id, id, dimension, subject, period, micros_limit, tokens_limit, millis_limit, warn_at, opened_at)
  SELECT _org, x.id, x.dimension::"BudgetDimension", x.subject, x.period,
    coalesce(own.micros, x.micros), coalesce(own.tokens, x.tokens, rule.tokens), coalesce(own.millis, x.millis),
    coalesce(own.warn_at, '{50,80,95}'), _at
  FROM budgets_of_run(_org, _run, _month) x
  LEFT JOIN budget_limit own ON own.org_id = _org AND own.dimension::text = x.dimension AND own.subject = x.subject
    AND own.period = CASE WHEN x.period = 'total' THEN 'total' ELSE 'month' END
  LEFT JOIN budget_limit rule ON rule.org_id = _org AND rule.dimension::text = x.dimension AND rule.subject = _org
    AND x.dimension IN ('task', 'run') AND rule.period = 'total'
  ORDER BY x.id
  ON CONFLICT DO NOTHING
$$;

-- What the run may still use under the tightest of its accounts, what it keeps back to land included; null is no limit.
-- `due` names the accounts of which people are to be told.
CREATE FUNCTION ledger_left(_org text, _run text, _own text[]) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
  RETURN (WITH landing AS (
    SELECT budgets, micros FROM reservation
    WHERE org_id = _org AND run_id = _run AND call = 'landing' AND status = 'open'
  ), account AS (
    SELECT b.id, b.dimension || ' ' || b.period AS name,
      b.micros_limit - b.micros_used - b.micros_reserved + coalesce(l.micros, 0) AS micros,
      b.tokens_limit - b.tokens_used - b.tokens_reserved AS tokens,
      b.millis_limit - b.millis_used AS millis,
      (SELECT max(level) FROM unnest(b.warn_at) level WHERE level <= greatest(
        100 * b.micros_used / nullif(b.micros_limit, 0), 100 * b.tokens_used / nullif(b.tokens_limit, 0),
        100 * b.millis_used / nullif(b.millis_limit, 0))) > b.warned AS due
    FROM budget b LEFT JOIN landing l ON b.id = ANY (l.budgets)
    WHERE b.org_id = _org AND b.id = ANY (_own)
  )
  SELECT jsonb_build_object(
    'micros', min(micros), 'microsOf', (array_agg(name ORDER BY micros NULLS LAST))[1],
    'tokens', min(tokens), 'tokensOf', (array_agg(name ORDER BY tokens NULLS LAST))[1],
    'millis', min(millis), 'millisOf', (array_agg(name ORDER BY millis NULLS LAST))[1],
    'landing', coalesce((SELECT micros FROM landing), 0),
    'due', coalesce(jsonb_agg(id) FILTER (WHERE due), '[]'))
  FROM account);
END
$$;

-- Applies moves to all accounts of a run at once and returns what is left. Every account is locked in the order of its id
-- before any is touched. A reservation that does not fit everywhere fails with FL001 and undoes the statement.
CREATE FUNCTION ledger_move(_org text, _run text, _at timestamptz, _moves jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
DECLARE
  _now timestamptz := coalesce(_at, clock_timestamp());
  _month text := to_char(_now AT TIME ZONE 'UTC', 'YYYY-MM');
  _own text[];
  _all text[];
  _move jsonb;
  _held reservation;
  _micros bigint;
  _tokens bigint;
  _millis bigint;
  _id text;
BEGIN
  SELECT array_agg(x.id ORDER BY x.id) INTO _own FROM budgets_of_run(_org, _run, _month) x;
  IF (SELECT count(*) FROM budget b WHERE b.org_id = _org AND b.id = ANY (_own)) < cardinality(_own) THEN
    PERFORM open_budgets(_org, _run, _month, _now);
  END IF;
  SELECT _own || coalesce(array_agg(x.id), '{}') INTO _all
  FROM reservation r, unnest(r.budgets) x(id) WHERE r.org_id = _org AND r.run_id = _run AND r.status = 'open';
  PERFORM 1 FROM budget b WHERE b.org_id = _org AND b.id = ANY (_all) ORDER BY b.id FOR NO KEY UPDATE;

  FOR _move IN SELECT * FROM jsonb_array_elements(_moves) LOOP
    CASE _move ->> 'do'
    WHEN 'settle', 'release' THEN
      SELECT * INTO _held FROM reservation r WHERE r.org_id = _org AND r.run_id = _run AND r.status = 'open'
        AND (r.call = 'landing') = (_move ->> 'do' = 'release');
      _micros := coalesce((_move ->> 'micros')::bigint, _held.micros, 0);
      _tokens := coalesce((_move ->> 'tokens')::bigint, CASE WHEN _micros > 0 THEN _held.tokens END, 0);
      IF _held.id IS NULL AND (_micros > 0 OR _tokens > 0) THEN
        UPDATE budget SET micros_used = micros_used + _micros, tokens_used = tokens_used + _tokens
        WHERE org_id = _org AND id = ANY (_own);
        INSERT INTO budget_entry (org_id, id, run_id, kind, budgets, reserved, micros, tokens, millis, at)
        VALUES (_org, budget_entry_id(), _run, 'settle', _own, 0, _micros, _tokens, 0, _now);
      ELSIF _held.id IS NOT NULL THEN
        UPDATE budget SET micros_reserved = micros_reserved - _held.micros, micros_used = micros_used + _micros,
          tokens_reserved = tokens_reserved - _held.tokens, tokens_used = tokens_used + _tokens
        WHERE org_id = _org AND id = ANY (_held.budgets);
        UPDATE reservation SET status = 'settled', settled_at = _now WHERE org_id = _org AND id = _held.id;
        INSERT INTO budget_entry (org_id, id, run_id, kind, reservation_id, budgets, reserved, micros, tokens, millis, at)
        VALUES (_org, budget_entry_id(), _run, 'settle', _held.id, _held.budgets, -_held.micros, _micros, _tokens, 0, _now);
      END IF;
    WHEN 'reserve' THEN
      _micros := (_move ->> 'micros')::bigint;
      _tokens := (_move ->> 'tokens')::bigint;
      IF EXISTS (SELECT FROM budget b WHERE b.org_id = _org AND b.id = ANY (_own) AND (
        b.micros_used + b.micros_reserved + _micros > b.micros_limit
        OR b.tokens_used + b.tokens_reserved + _tokens > b.tokens_limit OR b.millis_used >= b.millis_limit)) THEN
        RAISE EXCEPTION 'the reservation does not fit' USING ERRCODE = 'FL001', DETAIL = ledger_left(_org, _run, _own)::text;
      END IF;
      UPDATE budget SET micros_reserved = micros_reserved + _micros, tokens_reserved = tokens_reserved + _tokens
      WHERE org_id = _org AND id = ANY (_own);
      _id := 'res_' || replace(gen_random_uuid()::text, '-', '');
      INSERT INTO reservation (org_id, id, run_id, call, budgets, micros, tokens, status, opened_at)
      VALUES (_org, _id, _run, _move ->> 'call', _own, _micros, _tokens, 'open', _now);
      INSERT INTO budget_entry (org_id, id, run_id, kind, reservation_id, budgets, reserved, micros, tokens, millis, at)
      VALUES (_org, budget_entry_id(), _run, 'reserve', _id, _own, _micros, 0, 0, 0, _now);
    WHEN 'tick' THEN
      _millis := (_move ->> 'millis')::bigint;
      UPDATE budget SET millis_used = millis_used + _millis WHERE org_id = _org AND id = ANY (_own);
      -- Entries of time are written at a slice's end and where a month ends within one: two a second would bury the rest.
      PERFORM ledger_time(_org, _run, _move, _month, _now);
    END CASE;
  END LOOP;
  RETURN ledger_left(_org, _run, _own);
END
$$;

CREATE FUNCTION budget_entry_id() RETURNS text LANGUAGE sql VOLATILE SET search_path = public, pg_temp AS $$
  SELECT 'ben_' || replace(gen_random_uuid()::text, '-', '')
$$;

-- The entry for time that was counted since the last one. The run's own figure does not hold this tick yet.
CREATE FUNCTION ledger_time(_org text, _run text, _move jsonb, _month text, _now timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
DECLARE
  _before text := to_char((_move ->> 'since')::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM');
  _open bigint;
BEGIN
  IF _before IS NOT DISTINCT FROM _month AND NOT (_move ->> 'last')::boolean THEN RETURN; END IF;
  SELECT r.millis_used - coalesce((SELECT sum(e.millis) FROM budget_entry e
    WHERE e.org_id = _org AND e.run_id = _run AND e.kind = 'tick'), 0)
  INTO _open FROM run r WHERE r.org_id = _org AND r.id = _run;
  IF _before < _month AND _open > 0 THEN
    INSERT INTO budget_entry (org_id, id, run_id, kind, budgets, reserved, micros, tokens, millis, at)
    SELECT _org, budget_entry_id(), _run, 'tick', array_agg(x.id ORDER BY x.id), 0, 0, 0, _open, _now
    FROM budgets_of_run(_org, _run, _before) x;
    _open := 0;
  END IF;
  IF (_move ->> 'last')::boolean AND _open + (_move ->> 'millis')::bigint > 0 THEN
    INSERT INTO budget_entry (org_id, id, run_id, kind, budgets, reserved, micros, tokens, millis, at)
    SELECT _org, budget_entry_id(), _run, 'tick', array_agg(x.id ORDER BY x.id), 0, 0, 0,
      _open + (_move ->> 'millis')::bigint, _now
    FROM budgets_of_run(_org, _run, _month) x;
  END IF;
END
$$;
