-- CreateTable
CREATE TABLE "audit_key" (
    "number" INTEGER NOT NULL,
    "public_key" BYTEA NOT NULL,
    "ciphertext" BYTEA NOT NULL,
    "nonce" BYTEA NOT NULL,
    "key_version" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audit_key_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "tree_segment" (
    "org_id" TEXT NOT NULL,
    "start" INTEGER NOT NULL,
    "stream_id" TEXT NOT NULL,
    "from_seq" INTEGER NOT NULL,
    "to_seq" INTEGER NOT NULL,

    CONSTRAINT "tree_segment_pkey" PRIMARY KEY ("org_id","start")
);

-- CreateTable
CREATE TABLE "tree_node" (
    "org_id" TEXT NOT NULL,
    "level" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "tree_node_pkey" PRIMARY KEY ("org_id","level","index")
);

-- CreateTable
CREATE TABLE "tree_head" (
    "org_id" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "root" BYTEA NOT NULL,
    "peaks" BYTEA NOT NULL,
    "key_id" TEXT NOT NULL,
    "signature" BYTEA NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tree_head_pkey" PRIMARY KEY ("org_id","size")
);

-- CreateIndex
CREATE UNIQUE INDEX "tree_segment_org_id_stream_id_from_seq_key" ON "tree_segment"("org_id", "stream_id", "from_seq");

-- AddForeignKey
ALTER TABLE "tree_segment" ADD CONSTRAINT "tree_segment_org_id_stream_id_fkey" FOREIGN KEY ("org_id", "stream_id") REFERENCES "stream"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ── Row security and rights: everything here is only ever added to

ALTER TABLE "tree_segment" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "tree_segment" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "tree_segment" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "tree_node" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "tree_node" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "tree_node" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "tree_head" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "tree_head" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "tree_head" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

GRANT SELECT, INSERT ON "tree_segment", "tree_node", "tree_head", "audit_key" TO fleet_app;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "tree_segment" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE "tree_segment" ENABLE ALWAYS TRIGGER append_only;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "tree_node" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE "tree_node" ENABLE ALWAYS TRIGGER append_only;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "tree_head" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE "tree_head" ENABLE ALWAYS TRIGGER append_only;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_key" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE "audit_key" ENABLE ALWAYS TRIGGER append_only;

-- ── Orgs with events that no head covers. A tree has as many leaves as its streams have events.

GRANT SELECT ON "stream", "tree_head" TO fleet_system;
CREATE POLICY across_orgs ON "stream" FOR SELECT TO fleet_system USING (true);
CREATE POLICY across_orgs ON "tree_head" FOR SELECT TO fleet_system USING (true);

CREATE FUNCTION unsealed_orgs() RETURNS TABLE (org_id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT s.org_id FROM public.stream s GROUP BY s.org_id
  HAVING sum(s.head_seq) > coalesce((SELECT max(h.size) FROM public.tree_head h WHERE h.org_id = s.org_id), 0)
$$;

GRANT CREATE ON SCHEMA public TO fleet_system;
ALTER FUNCTION unsealed_orgs() OWNER TO fleet_system;
REVOKE CREATE ON SCHEMA public FROM fleet_system;
REVOKE EXECUTE ON FUNCTION unsealed_orgs() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION unsealed_orgs() TO fleet_app;
