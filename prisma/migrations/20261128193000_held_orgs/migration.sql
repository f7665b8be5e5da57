-- A legal hold outranks a deletion also in the database: an org of which anything is held does not begin to go, whatever the service asked before.
GRANT CREATE ON SCHEMA public TO fleet_system, fleet_purger;
SET ROLE fleet_purger;
CREATE OR REPLACE FUNCTION begin_purge(_org text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  _asked record;
  _head record;
BEGIN
  IF current_setting('app.org', true) IS DISTINCT FROM _org THEN
    RAISE EXCEPTION 'this connection is not the org''s' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT requested_by, requested_at INTO _asked FROM public.org_deletion
    WHERE org_id = _org AND undone_at IS NULL AND due_at <= clock_timestamp() ORDER BY due_at LIMIT 1 FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no deletion of this org is due' USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- Whoever still writes a log of it writes no more.
  UPDATE public.stream SET writer_generation = writer_generation + 1 WHERE org_id = _org;
  -- Whoever places or lifts a hold locks the org's stream: from here none comes.
  IF EXISTS (SELECT FROM public.legal_hold WHERE org_id = _org) THEN
    RAISE EXCEPTION 'a legal hold keeps what this org did' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  SELECT size, root, key_id, signature, at INTO _head FROM public.tree_head WHERE org_id = _org ORDER BY size DESC LIMIT 1;
  IF NOT FOUND OR _head.size IS DISTINCT FROM (SELECT sum(head_seq)::int FROM public.stream WHERE org_id = _org) THEN
    RAISE EXCEPTION 'the org''s log is not sealed to its end' USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  INSERT INTO public.deleted_org (org_id, requested_by, requested_at, begun_at, size, root, key_id, signature, head_at, on_disk)
    VALUES (_org, _asked.requested_by, _asked.requested_at, clock_timestamp(), _head.size, _head.root, _head.key_id, _head.signature, _head.at,
      ARRAY(
        SELECT id FROM public.repo WHERE org_id = _org
        UNION ALL
        SELECT r.id FROM public.run r
          JOIN public.stage_attempt s ON s.org_id = r.org_id AND s.id = r.stage_attempt_id
          JOIN public.pipeline_run p ON p.org_id = s.org_id AND p.id = s.pipeline_run_id
          WHERE r.org_id = _org AND (p.ended_at IS NULL OR p.ended_at > clock_timestamp() - interval '1 day')));
  DELETE FROM public.session WHERE provider IN (SELECT id FROM public.sso_provider WHERE org_id = _org);
  DELETE FROM public.account WHERE provider IN (SELECT id FROM public.sso_provider WHERE org_id = _org);
  DELETE FROM public.locator WHERE org_id = _org;
  DELETE FROM public.proven_domain WHERE org_id = _org;
  DELETE FROM public.kernel WHERE org_id = _org;
  DELETE FROM public.data_key WHERE owner = _org;
  DELETE FROM public.team_member WHERE org_id = _org;
  DELETE FROM public.member WHERE org_id = _org;
END
$$;
RESET ROLE;

-- For the operator: which orgs are about to go, and whether a hold keeps them. Ids and times, no names.
GRANT SELECT ON "legal_hold" TO fleet_system;
CREATE POLICY across_orgs ON "legal_hold" FOR SELECT TO fleet_system USING (true);
SET ROLE fleet_system;
DROP FUNCTION pending_deletions();
CREATE FUNCTION pending_deletions() RETURNS TABLE (org_id text, requested_at timestamptz, due_at timestamptz, held boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT d.org_id, d.requested_at, d.due_at, EXISTS (SELECT FROM public.legal_hold h WHERE h.org_id = d.org_id)
  FROM public.org_deletion d
  WHERE d.undone_at IS NULL AND NOT EXISTS (SELECT FROM public.deleted_org g WHERE g.org_id = d.org_id)
  ORDER BY d.due_at
$$;
REVOKE EXECUTE ON FUNCTION pending_deletions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pending_deletions() TO fleet_app;
RESET ROLE;
REVOKE CREATE ON SCHEMA public FROM fleet_system, fleet_purger;
