-- CreateTable
CREATE TABLE "deleted_org" (
    "org_id" TEXT NOT NULL,
    "requested_by" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "begun_at" TIMESTAMPTZ(3) NOT NULL,
    "size" INTEGER NOT NULL,
    "root" BYTEA NOT NULL,
    "key_id" TEXT NOT NULL,
    "signature" BYTEA NOT NULL,
    "head_at" TIMESTAMPTZ(3) NOT NULL,
    "on_disk" TEXT[],
    "purged_at" TIMESTAMPTZ(3),
    "swept_at" TIMESTAMPTZ(3),

    CONSTRAINT "deleted_org_pkey" PRIMARY KEY ("org_id")
);

-- CreateTable
CREATE TABLE "org_deletion" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "requested_by" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "undone_at" TIMESTAMPTZ(3),
    "undone_by" TEXT,

    CONSTRAINT "org_deletion_pkey" PRIMARY KEY ("org_id","id")
);

ALTER TABLE "org_deletion" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "org_deletion" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "org_deletion" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

GRANT SELECT, INSERT, UPDATE (undone_at, undone_by) ON "org_deletion" TO fleet_app;
GRANT SELECT ON "deleted_org" TO fleet_app;

-- ── The grace is the database's: a process of ours that is no longer ours can ask for a deletion, and not hasten one.

CREATE FUNCTION keep_grace() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.undone_at IS NOT NULL THEN
      RAISE EXCEPTION 'a deletion that was undone stays undone' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
  END IF;
  NEW.requested_at := clock_timestamp();
  NEW.due_at := greatest(NEW.due_at, NEW.requested_at + interval '1 day');
  NEW.undone_at := NULL;
  RETURN NEW;
END
$$;
CREATE TRIGGER keep_grace BEFORE INSERT OR UPDATE ON "org_deletion" FOR EACH ROW EXECUTE FUNCTION keep_grace();
ALTER TABLE "org_deletion" ENABLE ALWAYS TRIGGER keep_grace;

-- ── Evidence goes with its whole org, by the functions below and by nothing else: their owner cannot log in, and nobody is it.

CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_user = 'fleet_purger' THEN RETURN NULL; END IF;
  RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER append_only BEFORE UPDATE OF org_id, requested_by, requested_at, begun_at, size, root, key_id, signature, head_at, on_disk OR TRUNCATE
  ON "deleted_org" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE "deleted_org" ENABLE ALWAYS TRIGGER append_only;
CREATE FUNCTION refuse_delete() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER never_deleted BEFORE DELETE ON "deleted_org" FOR EACH STATEMENT EXECUTE FUNCTION refuse_delete();
ALTER TABLE "deleted_org" ENABLE ALWAYS TRIGGER never_deleted;

DO $$
DECLARE
  _table text;
BEGIN
  FOR _table IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relforcerowsecurity LOOP
    EXECUTE format('GRANT SELECT, DELETE ON public.%I TO fleet_purger', _table);
  END LOOP;
END
$$;
-- Tables that later migrations add; the policy of its org holds fleet_purger there as everybody else.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, DELETE ON TABLES TO fleet_purger;
GRANT UPDATE (writer_generation) ON "stream" TO fleet_purger;
GRANT UPDATE (parent_run_id) ON "stage_attempt" TO fleet_purger;
GRANT UPDATE (undone_by) ON "org_deletion" TO fleet_purger;
GRANT SELECT, DELETE ON "locator", "proven_domain", "kernel", "data_key", "account", "session" TO fleet_purger;
GRANT SELECT, INSERT, UPDATE (purged_at, swept_at) ON "deleted_org" TO fleet_purger;

-- The point of no return of an org whose deletion is due. Keeps the last signed head, which must cover its whole log; takes away who is in it, every
-- way into it and the keys of its secrets. The connection is pinned to that org: row-level security holds the function to it too.
CREATE FUNCTION begin_purge(_org text) RETURNS void
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

-- Takes up to `_most` rows of one table of an org that is being purged, those first that nothing refers to; returns how many, and 0 when the
-- org's own row is gone too.
CREATE FUNCTION purge_step(_org text, _most int) RETURNS int
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  _left regclass[];
  _table regclass;
  _gone int;
BEGIN
  IF current_setting('app.org', true) IS DISTINCT FROM _org OR NOT EXISTS (SELECT FROM public.deleted_org WHERE org_id = _org) THEN
    RAISE EXCEPTION 'this org is not being purged' USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- Helpers' attempts name the run that asked for them, and runs their attempts: the one circle there is.
  UPDATE public.stage_attempt SET parent_run_id = NULL WHERE org_id = _org AND parent_run_id IS NOT NULL;
  SELECT array_agg(c.oid::regclass ORDER BY c.relname) INTO _left
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relforcerowsecurity;
  WHILE cardinality(_left) > 0 LOOP
    SELECT t INTO _table FROM unnest(_left) t
      WHERE NOT EXISTS (
        SELECT FROM pg_constraint k WHERE k.contype = 'f' AND k.confrelid = t AND k.conrelid <> t AND k.conrelid::regclass = ANY (_left)
          AND k.conname <> 'stage_attempt_org_id_parent_run_id_fkey')
      LIMIT 1;
    IF _table IS NULL THEN
      RAISE EXCEPTION 'these tables refer to each other in a circle: %', _left;
    END IF;
    EXECUTE format('DELETE FROM %1$s WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$s WHERE org_id = $1 LIMIT $2))', _table) USING _org, _most;
    GET DIAGNOSTICS _gone = ROW_COUNT;
    IF _gone > 0 THEN RETURN _gone; END IF;
    _left := array_remove(_left, _table);
  END LOOP;
  DELETE FROM public.org WHERE id = _org;
  UPDATE public.deleted_org SET
    swept_at = CASE WHEN purged_at < clock_timestamp() - interval '1 hour' THEN coalesce(swept_at, clock_timestamp()) END,
    purged_at = coalesce(purged_at, clock_timestamp())
    WHERE org_id = _org;
  RETURN 0;
END
$$;

-- ── Asked before an org is known, or of orgs whose content the asker does not see.

GRANT SELECT ON "org_deletion", "deleted_org", "repo" TO fleet_system;
CREATE POLICY across_orgs ON "org_deletion" FOR SELECT TO fleet_system USING (true);
CREATE POLICY across_orgs ON "repo" FOR SELECT TO fleet_system USING (true);

-- Orgs whose grace is over; those that are being purged; and, an hour later, those that are looked at once more.
CREATE FUNCTION due_deletions() RETURNS TABLE (org_id text, begun boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT d.org_id, false FROM public.org_deletion d
  WHERE d.undone_at IS NULL AND d.due_at <= clock_timestamp() AND NOT EXISTS (SELECT FROM public.deleted_org g WHERE g.org_id = d.org_id)
  UNION ALL
  SELECT g.org_id, true FROM public.deleted_org g
  WHERE g.purged_at IS NULL OR (g.swept_at IS NULL AND g.purged_at < clock_timestamp() - interval '1 hour')
$$;

-- For the operator: which orgs are about to go, and how many there are. Ids and times, no names.
CREATE FUNCTION pending_deletions() RETURNS TABLE (org_id text, requested_at timestamptz, due_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT d.org_id, d.requested_at, d.due_at FROM public.org_deletion d
  WHERE d.undone_at IS NULL AND NOT EXISTS (SELECT FROM public.deleted_org g WHERE g.org_id = d.org_id)
  ORDER BY d.due_at
$$;

CREATE FUNCTION installation_counts() RETURNS TABLE (orgs int, running int, queued int, trusted int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT (SELECT count(*)::int FROM public.org),
    (SELECT count(*)::int FROM public.run r WHERE r.status = 'running'),
    (SELECT count(*)::int FROM public.run r WHERE r.status = 'queued'),
    (SELECT count(*)::int FROM public.repo p WHERE p.by_operator)
$$;

-- Whether an org waits for that address: it invited it, or takes in whoever has one of its domain.
GRANT SELECT ON "invitation", "org_domain", "proven_domain" TO fleet_system;
CREATE POLICY across_orgs ON "invitation" FOR SELECT TO fleet_system USING (true);
CREATE POLICY across_orgs ON "org_domain" FOR SELECT TO fleet_system USING (true);
CREATE FUNCTION is_awaited(email text, now timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (
      SELECT FROM public.invitation i
      WHERE i.email = is_awaited.email AND i.status = 'pending' AND i.expires_at > is_awaited.now)
    OR EXISTS (
      SELECT FROM public.org_domain d JOIN public.proven_domain p ON p.org_id = d.org_id AND p.domain = d.domain
      WHERE d.domain = regexp_replace(is_awaited.email, '^.*@', '') AND d.proven_at IS NOT NULL AND d.join_as IS NOT NULL)
$$;

GRANT CREATE ON SCHEMA public TO fleet_system, fleet_purger;
ALTER FUNCTION due_deletions() OWNER TO fleet_system;
ALTER FUNCTION pending_deletions() OWNER TO fleet_system;
ALTER FUNCTION installation_counts() OWNER TO fleet_system;
ALTER FUNCTION is_awaited(text, timestamptz) OWNER TO fleet_system;
ALTER FUNCTION begin_purge(text) OWNER TO fleet_purger;
ALTER FUNCTION purge_step(text, int) OWNER TO fleet_purger;
REVOKE CREATE ON SCHEMA public FROM fleet_system, fleet_purger;
REVOKE EXECUTE ON FUNCTION is_awaited(text, timestamptz), due_deletions(), pending_deletions(), installation_counts(), begin_purge(text), purge_step(text, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION is_awaited(text, timestamptz), due_deletions(), pending_deletions(), installation_counts(), begin_purge(text), purge_step(text, int) TO fleet_app;
