-- Whether what was decided for a run still holds. VOLATILE, and so each of its queries sees what is committed when that one begins,
-- not what was when the statement that calls it began: called behind a row lock, it sees what that lock was waited for.
CREATE FUNCTION decision_stands(_org text, _run text, _now timestamptz, _repo text, _agent text, _pipeline_run text,
  _policy text, _repo_policy text, _classes text, _role text, _held text[], _has_rules boolean, _heard text[]) RETURNS boolean
LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
BEGIN
  IF _heard IS NOT NULL AND EXISTS (SELECT FROM command WHERE org_id = _org AND run_id = _run AND kind = 'steer'
    AND acknowledged_at IS NULL AND id <> ALL (_heard)) THEN RETURN false; END IF;
  IF NOT _has_rules THEN RETURN true; END IF;
  -- As `server/db/policy-heads.ts` and `server/db/held-paths.ts` read them.
  RETURN (SELECT id FROM policy_version WHERE org_id = _org AND layer = 'org' AND target = _org
      ORDER BY version DESC LIMIT 1) IS NOT DISTINCT FROM _policy
    AND (SELECT id FROM policy_version WHERE org_id = _org AND layer = 'repo' AND target = _repo
      ORDER BY version DESC LIMIT 1) IS NOT DISTINCT FROM _repo_policy
    AND (SELECT id FROM repo_classes WHERE org_id = _org AND repo_id = _repo
      ORDER BY version DESC LIMIT 1) IS NOT DISTINCT FROM _classes
    AND (SELECT v.id FROM agent a
      JOIN agent_revision r ON r.org_id = a.org_id AND r.agent_id = a.id AND r.number = a.revision
      JOIN role_version v ON v.org_id = a.org_id AND v.role_id = a.role_id
      WHERE a.org_id = _org AND a.id = _agent AND v.version = coalesce((r.body->>'roleVersion')::int, v.version)
      ORDER BY v.version DESC LIMIT 1) IS NOT DISTINCT FROM _role
    AND (SELECT coalesce(array_agg(c.id || ' ' || extract(epoch from c.until) ORDER BY c.id), '{}') FROM claim c
      JOIN pipeline_run p ON p.org_id = c.org_id AND p.id = c.pipeline_run_id AND p.ended_at IS NULL
      JOIN task t ON t.org_id = p.org_id AND t.id = p.task_id AND t.repo_id = _repo
      WHERE c.org_id = _org AND c.kind = 'paths' AND c.released_at IS NULL AND c.until > _now
        AND c.pipeline_run_id <> _pipeline_run) = _held;
END
$$;
