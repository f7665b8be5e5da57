-- A run's helper works on an attempt of its own, which names the run that asked for it and the call that did.
ALTER TABLE "stage_attempt" ADD COLUMN     "parent_call_id" TEXT,
ADD COLUMN     "parent_run_id" TEXT;

CREATE UNIQUE INDEX "stage_attempt_org_id_parent_run_id_parent_call_id_key" ON "stage_attempt"("org_id", "parent_run_id", "parent_call_id");

ALTER TABLE "stage_attempt" ADD CONSTRAINT "stage_attempt_org_id_parent_run_id_fkey" FOREIGN KEY ("org_id", "parent_run_id") REFERENCES "run"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- As before; what a helper uses counts in the run that asked for it too, so that the two never use more than that one was given.
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
    UNION SELECT 'run', parent.id, 'total', parent.cost_limit_micros, NULL, parent.seconds_limit * 1000::bigint
      FROM run parent WHERE parent.org_id = s.org_id AND parent.id = s.parent_run_id
  ) x (dimension, subject, period, micros, tokens, millis)
  WHERE r.org_id = _org AND r.id = _run;
END
$$;
