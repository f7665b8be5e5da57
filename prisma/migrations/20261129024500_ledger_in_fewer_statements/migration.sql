-- The ids of the accounts that `budgets_of_run` names, in their order, without what they are opened with.
CREATE FUNCTION budget_ids_of_run(_org text, _run text, _month text) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
  _of record;
BEGIN
  SELECT r.agent_id AS agent, t.id AS task, t.repo_id AS repo, s.parent_run_id AS parent, o.team_id, a.team_id AS agent_team_id INTO _of
  FROM run r
  JOIN agent a ON a.org_id = r.org_id AND a.id = r.agent_id
  JOIN stage_attempt s ON s.org_id = r.org_id AND s.id = r.stage_attempt_id
  JOIN pipeline_run p ON p.org_id = s.org_id AND p.id = s.pipeline_run_id
  JOIN task t ON t.org_id = p.org_id AND t.id = p.task_id
  JOIN repo o ON o.org_id = t.org_id AND o.id = t.repo_id
  WHERE r.org_id = _org AND r.id = _run;
  IF NOT FOUND THEN RETURN NULL; END IF;
  -- As `budget_id` makes them; what there is none of is null, and left out.
  RETURN ARRAY(SELECT DISTINCT 'bud_' || substr(encode(sha256(convert_to(x.name, 'UTF8')), 'hex'), 1, 32)
    FROM unnest(ARRAY[
      'org ' || _org || ' ' || _month, 'repo ' || _of.repo || ' ' || _month,
      'team ' || _of.team_id || ' ' || _month, 'team ' || _of.agent_team_id || ' ' || _month,
      'agent ' || _of.agent || ' ' || _month, 'agent ' || _of.agent || ' total', 'task ' || _of.task || ' total',
      'run ' || _run || ' total', 'run ' || _of.parent || ' total']) x(name)
    WHERE x.name IS NOT NULL ORDER BY 1);
END
$$;

-- As before; levels are looked through only where more is used than people were told of.
CREATE OR REPLACE FUNCTION ledger_left(_org text, _run text, _own text[]) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
  _landing reservation;
BEGIN
  SELECT * INTO _landing FROM reservation r
  WHERE r.org_id = _org AND r.run_id = _run AND r.call = 'landing' AND r.status = 'open';
  RETURN (SELECT jsonb_build_object(
    'micros', min(micros), 'microsOf', (array_agg(name ORDER BY micros NULLS LAST))[1],
    'tokens', min(tokens), 'tokensOf', (array_agg(name ORDER BY tokens NULLS LAST))[1],
    'millis', min(millis), 'millisOf', (array_agg(name ORDER BY millis NULLS LAST))[1],
    'landing', coalesce(_landing.micros, 0), 'landingTokens', coalesce(_landing.tokens, 0),
    'due', coalesce(jsonb_agg(id) FILTER (WHERE due), '[]'))
  FROM (
    SELECT b.id, b.dimension || ' ' || b.period AS name,
      b.micros_limit - b.micros_used - b.micros_reserved + CASE WHEN b.id = ANY (_landing.budgets) THEN _landing.micros ELSE 0 END AS micros,
      b.tokens_limit - b.tokens_used - b.tokens_reserved + CASE WHEN b.id = ANY (_landing.budgets) THEN _landing.tokens ELSE 0 END AS tokens,
      b.millis_limit - b.millis_used AS millis,
      CASE WHEN used.share > b.warned THEN
        EXISTS (SELECT FROM unnest(b.warn_at) level WHERE level > b.warned AND level <= used.share) END AS due
    FROM budget b CROSS JOIN LATERAL (SELECT greatest(
      100 * b.micros_used / nullif(b.micros_limit, 0), 100 * b.tokens_used / nullif(b.tokens_limit, 0),
      100 * b.millis_used / nullif(b.millis_limit, 0)) AS share) used
    WHERE b.org_id = _org AND b.id = ANY (_own)) account);
END
$$;

-- As before, in fewer statements: accounts that an open reservation names are there, and a reservation is written with its entry.
CREATE OR REPLACE FUNCTION ledger_move(_org text, _run text, _at timestamptz, _moves jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
DECLARE
  _now timestamptz := coalesce(_at, clock_timestamp());
  _month text := to_char(_now AT TIME ZONE 'UTC', 'YYYY-MM');
  _own text[] := budget_ids_of_run(_org, _run, _month);
  _reserved text[];
  _all text[];
  _move jsonb;
  _held reservation;
  _micros bigint;
  _tokens bigint;
  _millis bigint;
  _full text;
BEGIN
  SELECT coalesce(array_agg(x.id), '{}') INTO _reserved
  FROM reservation r, unnest(r.budgets) x(id) WHERE r.org_id = _org AND r.run_id = _run AND r.status = 'open';
  IF NOT _own <@ _reserved AND
    (SELECT count(*) FROM budget b WHERE b.org_id = _org AND b.id = ANY (_own)) < cardinality(_own) THEN
    PERFORM open_budgets(_org, _run, _month, _now);
  END IF;
  _all := _own || _reserved;
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
        WITH settled AS (UPDATE reservation SET status = 'settled', settled_at = _now WHERE org_id = _org AND id = _held.id)
        INSERT INTO budget_entry (org_id, id, run_id, kind, reservation_id, budgets, reserved, micros, tokens, millis, at)
        VALUES (_org, budget_entry_id(), _run, 'settle', _held.id, _held.budgets, -_held.micros, _micros, _tokens, 0, _now);
      END IF;
    WHEN 'reserve' THEN
      _micros := (_move ->> 'micros')::bigint;
      _tokens := (_move ->> 'tokens')::bigint;
      SELECT b.dimension || ' ' || b.period INTO _full FROM budget b WHERE b.org_id = _org AND b.id = ANY (_own) AND (
        b.micros_used + b.micros_reserved + _micros > b.micros_limit
        OR b.tokens_used + b.tokens_reserved + _tokens > b.tokens_limit OR b.millis_used >= b.millis_limit)
      ORDER BY b.id LIMIT 1;
      IF _full IS NOT NULL THEN
        RAISE EXCEPTION 'the reservation does not fit' USING ERRCODE = 'FL001',
          DETAIL = (ledger_left(_org, _run, _own) || jsonb_build_object('refusedBy', _full))::text;
      END IF;
      UPDATE budget SET micros_reserved = micros_reserved + _micros, tokens_reserved = tokens_reserved + _tokens
      WHERE org_id = _org AND id = ANY (_own);
      WITH opened AS (
        INSERT INTO reservation (org_id, id, run_id, call, budgets, micros, tokens, status, opened_at)
        VALUES (_org, 'res_' || replace(gen_random_uuid()::text, '-', ''), _run, _move ->> 'call', _own, _micros, _tokens, 'open', _now)
        RETURNING id)
      INSERT INTO budget_entry (org_id, id, run_id, kind, reservation_id, budgets, reserved, micros, tokens, millis, at)
      SELECT _org, budget_entry_id(), _run, 'reserve', o.id, _own, _micros, 0, 0, 0, _now FROM opened o;
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
