-- Of the runs named, those whose pipeline run was over at `before`: nothing of theirs is wanted on a host any more.
CREATE FUNCTION ended_runs(ids text[], before timestamptz) RETURNS TABLE (id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.id FROM public.run r
  JOIN public.stage_attempt s ON s.org_id = r.org_id AND s.id = r.stage_attempt_id
  JOIN public.pipeline_run p ON p.org_id = s.org_id AND p.id = s.pipeline_run_id
  WHERE r.id = ANY (ended_runs.ids) AND p.ended_at < ended_runs.before
$$;

GRANT CREATE ON SCHEMA public TO fleet_system;
ALTER FUNCTION ended_runs(text[], timestamptz) OWNER TO fleet_system;
REVOKE CREATE ON SCHEMA public FROM fleet_system;
REVOKE EXECUTE ON FUNCTION ended_runs(text[], timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ended_runs(text[], timestamptz) TO fleet_app;
