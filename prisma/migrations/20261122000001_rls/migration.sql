-- What Prisma's schema cannot say: who may see and touch which rows. Every later migration that adds a table says it too;
-- server/db/schema.db.test.ts fails for one that does not.

-- ── Tenant tables: a connection sees the rows of the org pinned on it, and none when no org is pinned. FORCE holds the
-- owner of the tables to the same.

ALTER TABLE "org" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "org" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "org" USING (id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "member" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "member" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "member" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "secret" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "secret" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "secret" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "repo" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "repo" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "repo" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "role" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "role" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "role" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "role_version" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "role_version" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "role_version" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "agent" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "agent" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "agent" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "lineage" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "lineage" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "lineage" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "policy_version" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "policy_version" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "policy_version" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "pipeline_version" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "pipeline_version" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "pipeline_version" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "task" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "task" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "task" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "pipeline_run" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "pipeline_run" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "pipeline_run" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "stage_attempt" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "stage_attempt" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "stage_attempt" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "run" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "run" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "run" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "change" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "change" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "change" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "check_result" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "check_result" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "check_result" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "review" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "review" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "review" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "handoff" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "handoff" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "handoff" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "claim" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "claim" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "claim" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "command" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "command" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "command" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "stream" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "stream" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "stream" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "event" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "event" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "event" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "blob" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "blob" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "blob" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "blob_chunk" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "blob_chunk" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "blob_chunk" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "approval" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "approval" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "approval" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "approval_vote" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "approval_vote" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "approval_vote" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "grant" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "grant" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "grant" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "outbound" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "outbound" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "outbound" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

-- ── What the processes may do. No tenant row is ever deleted but a secret.

GRANT SELECT, INSERT, UPDATE, DELETE ON "account", "session", "verification_token", "outbox_mail" TO fleet_app;
GRANT SELECT, INSERT, UPDATE ON "user", "installation" TO fleet_app;
GRANT SELECT, INSERT ON "locator" TO fleet_app;
GRANT SELECT ON "price" TO fleet_app;

GRANT SELECT, INSERT, UPDATE ON
  "org", "member", "repo", "role", "agent", "lineage", "task", "pipeline_run", "stage_attempt", "run", "change", "claim", "command", "approval", "grant", "outbound"
  TO fleet_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON "secret" TO fleet_app;
GRANT SELECT, INSERT ON "stream" TO fleet_app;
GRANT UPDATE (head_seq, head_hash, writer_generation) ON "stream" TO fleet_app;
GRANT SELECT, INSERT ON
  "role_version", "policy_version", "pipeline_version", "check_result", "review", "handoff", "event", "blob", "blob_chunk", "approval_vote"
  TO fleet_app;

-- ── Evidence: refused to everyone, the owner included, and also when replication switches ordinary triggers off.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "role_version" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE "role_version" ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "policy_version" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE "policy_version" ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "pipeline_version" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE "pipeline_version" ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "check_result" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE "check_result" ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "review" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE "review" ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "handoff" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE "handoff" ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "event" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE "event" ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "blob" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE "blob" ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "blob_chunk" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE "blob_chunk" ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "approval_vote" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE "approval_vote" ENABLE ALWAYS TRIGGER append_only;

-- ── The few questions asked before an org is known. Their owner cannot log in, and may read these tables across orgs.

GRANT SELECT ON "org", "member", "pipeline_run", "stage_attempt", "run", "approval", "locator" TO fleet_system;

CREATE POLICY across_orgs ON "org" FOR SELECT TO fleet_system USING (true);
CREATE POLICY across_orgs ON "member" FOR SELECT TO fleet_system USING (true);
CREATE POLICY across_orgs ON "pipeline_run" FOR SELECT TO fleet_system USING (true);
CREATE POLICY across_orgs ON "stage_attempt" FOR SELECT TO fleet_system USING (true);
CREATE POLICY across_orgs ON "run" FOR SELECT TO fleet_system USING (true);
CREATE POLICY across_orgs ON "approval" FOR SELECT TO fleet_system USING (true);

CREATE FUNCTION orgs_of_user(user_id text) RETURNS TABLE (id text, slug text, name text, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT o.id, o.slug, o.name, m.role::text
  FROM public.member m JOIN public.org o ON o.id = m.org_id
  WHERE m.user_id = orgs_of_user.user_id
  ORDER BY o.created_at, o.id
$$;

-- The org's present slug, else one that a locator row keeps for it.
CREATE FUNCTION org_by_slug(slug text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(
    (SELECT o.id FROM public.org o WHERE o.slug = org_by_slug.slug),
    (SELECT l.org_id FROM public.locator l WHERE l.kind = 'slug' AND l.key = org_by_slug.slug))
$$;

-- Work that nobody holds: what a crash between a commit and its message leaves behind.
CREATE FUNCTION stale_work(now timestamptz) RETURNS TABLE (org_id text, kind text, id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.org_id, 'run', r.id FROM public.run r
  WHERE r.status = 'queued' OR (r.status = 'running' AND (r.lease_until IS NULL OR r.lease_until < stale_work.now))
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

GRANT CREATE ON SCHEMA public TO fleet_system;
ALTER FUNCTION orgs_of_user(text) OWNER TO fleet_system;
ALTER FUNCTION org_by_slug(text) OWNER TO fleet_system;
ALTER FUNCTION stale_work(timestamptz) OWNER TO fleet_system;
REVOKE CREATE ON SCHEMA public FROM fleet_system;
REVOKE EXECUTE ON FUNCTION orgs_of_user(text), org_by_slug(text), stale_work(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION orgs_of_user(text), org_by_slug(text), stale_work(timestamptz) TO fleet_app;
