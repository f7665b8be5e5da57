-- CreateTable
CREATE TABLE "retention_rule" (
    "org_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "days" INTEGER NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "retention_rule_pkey" PRIMARY KEY ("org_id","kind")
);

-- CreateTable
CREATE TABLE "legal_hold" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "run_id" TEXT,
    "reason" TEXT NOT NULL,
    "placed_by" TEXT NOT NULL,
    "placed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "legal_hold_pkey" PRIMARY KEY ("org_id","id")
);

-- AddForeignKey
ALTER TABLE "legal_hold" ADD CONSTRAINT "legal_hold_org_id_run_id_fkey" FOREIGN KEY ("org_id", "run_id") REFERENCES "run"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "retention_rule" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "retention_rule" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "retention_rule" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));
GRANT SELECT, INSERT, UPDATE, DELETE ON "retention_rule" TO fleet_app;

ALTER TABLE "legal_hold" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "legal_hold" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "legal_hold" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));
GRANT SELECT, INSERT, UPDATE, DELETE ON "legal_hold" TO fleet_app;

-- ── Orgs whose payloads are kept for a time only.

GRANT SELECT ON "retention_rule" TO fleet_system;
CREATE POLICY across_orgs ON "retention_rule" FOR SELECT TO fleet_system USING (true);

CREATE FUNCTION orgs_with_retention() RETURNS TABLE (org_id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT r.org_id FROM public.retention_rule r
$$;

GRANT CREATE ON SCHEMA public TO fleet_system;
ALTER FUNCTION orgs_with_retention() OWNER TO fleet_system;
REVOKE CREATE ON SCHEMA public FROM fleet_system;
REVOKE EXECUTE ON FUNCTION orgs_with_retention() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION orgs_with_retention() TO fleet_app;

-- ── Whole outputs go with the event that names them: their bytes, not the row that has their hash.

GRANT SELECT, DELETE ON "blob_chunk" TO fleet_eraser;

CREATE FUNCTION refuse_change_but_deletion() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_user IN ('fleet_eraser', 'fleet_purger') THEN RETURN NULL; END IF;
  RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

DROP TRIGGER append_only ON "blob_chunk";
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "blob_chunk" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_but_deletion();
ALTER TABLE "blob_chunk" ENABLE ALWAYS TRIGGER append_only;

CREATE FUNCTION erase_blobs(ids text[]) RETURNS integer
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH gone AS (
    DELETE FROM public.blob_chunk c
    WHERE c.org_id = NULLIF(current_setting('app.org', true), '') AND c.blob_id = ANY (ids) RETURNING c.blob_id
  )
  SELECT count(DISTINCT blob_id)::int FROM gone
$$;

GRANT CREATE ON SCHEMA public TO fleet_eraser;
ALTER FUNCTION erase_blobs(text[]) OWNER TO fleet_eraser;
REVOKE CREATE ON SCHEMA public FROM fleet_eraser;
REVOKE EXECUTE ON FUNCTION erase_blobs(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_blobs(text[]) TO fleet_app;
