-- Tokens are kept back to land with as money is, and a reservation that is refused names the account that refuses it.
CREATE OR REPLACE FUNCTION ledger_left(_org text, _run text, _own text[]) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
  RETURN (WITH landing AS (
    SELECT budgets, micros, tokens FROM reservation
    WHERE org_id = _org AND run_id = _run AND call = 'landing' AND status = 'open'
  ), account AS (
    SELECT b.id, b.dimension || ' ' || b.period AS name,
      b.micros_limit - b.micros_used - b.micros_reserved + coalesce(l.micros, 0) AS micros,
      b.tokens_limit - b.tokens_used - b.tokens_reserved + coalesce(l.tokens, 0) AS tokens,
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
    'landingTokens', coalesce((SELECT tokens FROM landing), 0),
    'due', coalesce(jsonb_agg(id) FILTER (WHERE due), '[]'))
  FROM account);
END
$$;

-- As before; the detail of FL001 also says which account a reservation does not fit into.
CREATE OR REPLACE FUNCTION ledger_move(_org text, _run text, _at timestamptz, _moves jsonb) RETURNS jsonb
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
  _full text;
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
