-- A queued run that waits for a time is stale only after it: until then its wake-up is on its way.
-- An owner without superuser rights replaces it as the role that owns it.
GRANT CREATE ON SCHEMA public TO fleet_system;
SET ROLE fleet_system;
CREATE OR REPLACE FUNCTION stale_work(now timestamptz) RETURNS TABLE (org_id text, kind text, id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.org_id, 'run', r.id FROM public.run r
  WHERE (r.status = 'queued' AND coalesce((r.waits ->> 'until')::timestamptz <= stale_work.now, true))
    OR (r.status = 'running' AND (r.lease_until IS NULL OR r.lease_until < stale_work.now))
  UNION ALL
  SELECT s.org_id, 'stage-attempt', s.id FROM public.stage_attempt s
  WHERE s.kind IN ('check', 'merge')
    AND (s.status = 'queued' OR (s.status = 'running' AND (s.lease_until IS NULL OR s.lease_until < stale_work.now)))
  UNION ALL
  SELECT p.org_id, 'pipeline-run', p.id FROM public.pipeline_run p
  WHERE p.status IN ('queued', 'running', 'waiting')
    AND (p.waits IS NULL OR p.waits = 'null'::jsonb)
    AND p.updated_at < stale_work.now - interval '5 seconds'
  UNION ALL
  SELECT a.org_id, 'approval', a.id FROM public.approval a
  WHERE a.status = 'pending' AND a.expires_at <= stale_work.now
$$;

RESET ROLE;
REVOKE CREATE ON SCHEMA public FROM fleet_system;
