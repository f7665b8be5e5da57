-- AlterTable
ALTER TABLE "agent" ADD COLUMN     "team_id" TEXT;

-- AlterTable
ALTER TABLE "org" ADD COLUMN     "max_runs" INTEGER NOT NULL DEFAULT 20,
ADD COLUMN     "warn_at" INTEGER[] DEFAULT ARRAY[50, 80, 100]::INTEGER[];

-- AlterTable
ALTER TABLE "repo" ADD COLUMN     "team_id" TEXT;

-- CreateTable
CREATE TABLE "team" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "team_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "team_org_id_name_key" ON "team"("org_id", "name");

-- AddForeignKey
ALTER TABLE "repo" ADD CONSTRAINT "repo_org_id_team_id_fkey" FOREIGN KEY ("org_id", "team_id") REFERENCES "team"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agent" ADD CONSTRAINT "agent_org_id_team_id_fkey" FOREIGN KEY ("org_id", "team_id") REFERENCES "team"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ── Row security and rights

ALTER TABLE "team" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "team" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "team" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));
GRANT SELECT, INSERT, UPDATE ON "team" TO fleet_app;

-- ── Teams and defaults in the ledger

-- The accounts that a run's use counts in, with the limits they have unless people set others: $200 a month for an org,
-- $100 for a repo (server/domain/budget/defaults.ts). It counts in the team of its repo and in that of its agent.
CREATE OR REPLACE FUNCTION budgets_of_run(_org text, _run text, _month text)
RETURNS TABLE (id text, dimension text, subject text, period text, micros bigint, tokens bigint, millis bigint)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
BEGIN
  RETURN QUERY SELECT budget_id(x.dimension, x.subject, x.period), x.*
  FROM run r
  JOIN agent a ON a.org_id = r.org_id AND a.id = r.agent_id
  JOIN stage_attempt s ON s.org_id = r.org_id AND s.id = r.stage_attempt_id
  JOIN pipeline_run p ON p.org_id = s.org_id AND p.id = s.pipeline_run_id
  JOIN task t ON t.org_id = p.org_id AND t.id = p.task_id
  JOIN repo o ON o.org_id = t.org_id AND o.id = t.repo_id
  CROSS JOIN LATERAL (
    VALUES
      ('org', r.org_id, _month, 200000000::bigint, NULL::bigint, NULL::bigint),
      ('repo', t.repo_id, _month, 100000000, NULL, NULL),
      ('agent', r.agent_id, _month, NULL, NULL, a.seconds_limit * 1000::bigint),
      ('agent', r.agent_id, 'total', NULL, NULL, NULL),
      ('task', t.id, 'total', t.cost_limit_micros, NULL, t.seconds_limit * 1000::bigint),
      ('run', r.id, 'total', r.cost_limit_micros, NULL, r.seconds_limit * 1000::bigint)
    UNION SELECT 'team', team, _month, NULL, NULL, NULL FROM unnest(ARRAY[o.team_id, a.team_id]) team WHERE team IS NOT NULL
  ) x (dimension, subject, period, micros, tokens, millis)
  WHERE r.org_id = _org AND r.id = _run;
END
$$;

-- Opens the accounts that are not there yet. What people set for a month holds as they set it, no limit included; a rule
-- for every task or run, which is kept under the org's id, gives none more than it has of its own.
CREATE OR REPLACE FUNCTION open_budgets(_org text, _run text, _month text, _at timestamptz) RETURNS void
LANGUAGE sql VOLATILE SET search_path = public, pg_temp AS $$
  INSERT INTO budget (org_id, id, dimension, subject, period, micros_limit, tokens_limit, millis_limit, warn_at, opened_at)
  SELECT _org, x.id, x.dimension::"BudgetDimension", x.subject, x.period,
    CASE WHEN own.id IS NOT NULL AND x.period <> 'total' THEN own.micros
      ELSE coalesce(own.micros, least(x.micros, rule.micros)) END,
    coalesce(own.tokens, least(x.tokens, rule.tokens)), coalesce(own.millis, least(x.millis, rule.millis)),
    coalesce(nullif(own.warn_at, '{}'), (SELECT org.warn_at FROM org WHERE org.id = _org), '{}'), _at
  FROM budgets_of_run(_org, _run, _month) x
  LEFT JOIN budget_limit own ON own.org_id = _org AND own.dimension::text = x.dimension AND own.subject = x.subject
    AND own.period = CASE WHEN x.period = 'total' THEN 'total' ELSE 'month' END
  LEFT JOIN budget_limit rule ON rule.org_id = _org AND rule.dimension::text = x.dimension AND rule.subject = _org
    AND x.dimension IN ('task', 'run') AND rule.period = 'total'
  ORDER BY x.id
  ON CONFLICT DO NOTHING
$$;

-- ── What was there before

ALTER TABLE "budget" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "budget_limit" NO FORCE ROW LEVEL SECURITY;
-- Nobody could choose these levels, so they are no choice.
UPDATE budget_limit SET warn_at = '{}' WHERE warn_at = '{50,80,95}';
UPDATE budget SET warn_at = '{50,80,100}' WHERE warn_at = '{50,80,95}';
-- The month that has begun gets the defaults where nothing is set, and never one that it has passed already: no work stops
-- because of an upgrade.
UPDATE budget b SET micros_limit = x.micros
FROM (VALUES ('org', 200000000::bigint), ('repo', 100000000)) x (dimension, micros)
WHERE b.dimension::text = x.dimension AND b.period = to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM')
  AND b.micros_limit IS NULL AND b.micros_used + b.micros_reserved < x.micros
  AND NOT EXISTS (SELECT FROM budget_limit l
    WHERE l.org_id = b.org_id AND l.dimension = b.dimension AND l.subject = b.subject AND l.period = 'month');
ALTER TABLE "budget" FORCE ROW LEVEL SECURITY;
ALTER TABLE "budget_limit" FORCE ROW LEVEL SECURITY;
