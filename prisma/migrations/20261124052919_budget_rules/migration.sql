-- A rule for every task or run bounds its money and time too, and gives none more than it has of its own.
CREATE OR REPLACE FUNCTION open_budgets(_org text, _run text, _month text, _at timestamptz) RETURNS void
LANGUAGE sql VOLATILE SET search_path = public, pg_temp AS $$
  INSERT INTO budget (org_id, id, dimension, subject, period, micros_limit, tokens_limit, millis_limit, warn_at, opened_at)
  SELECT _org, x.id, x.dimension::"BudgetDimension", x.subject, x.period,
    coalesce(own.micros, least(x.micros, rule.micros)), coalesce(own.tokens, least(x.tokens, rule.tokens)),
    coalesce(own.millis, least(x.millis, rule.millis)), coalesce(own.warn_at, '{50,80,95}'), _at
  FROM budgets_of_run(_org, _run, _month) x
  LEFT JOIN budget_limit own ON own.org_id = _org AND own.dimension::text = x.dimension AND own.subject = x.subject
    AND own.period = CASE WHEN x.period = 'total' THEN 'total' ELSE 'month' END
  LEFT JOIN budget_limit rule ON rule.org_id = _org AND rule.dimension::text = x.dimension AND rule.subject = _org
    AND x.dimension IN ('task', 'run') AND rule.period = 'total'
  ORDER BY x.id
  ON CONFLICT DO NOTHING
$$;
