-- CreateTable
CREATE TABLE "master_key" (
    "id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "master_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "data_key" (
    "owner" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "wrapped" BYTEA NOT NULL,
    "nonce" BYTEA NOT NULL,
    "master_key_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "data_key_pkey" PRIMARY KEY ("owner","number")
);

-- CreateIndex
CREATE INDEX "data_key_master_key_id_idx" ON "data_key"("master_key_id");

-- AddForeignKey
ALTER TABLE "data_key" ADD CONSTRAINT "data_key_master_key_id_fkey" FOREIGN KEY ("master_key_id") REFERENCES "master_key"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- ── Data keys are wrapped anew, never otherwise changed; the foreign key keeps a master key for as long as one hangs on it.

GRANT SELECT, INSERT, DELETE ON "master_key" TO fleet_app;
GRANT SELECT, INSERT ON "data_key" TO fleet_app;
GRANT UPDATE (wrapped, nonce, master_key_id) ON "data_key" TO fleet_app;

-- ── A signing key may be sealed anew; what it is stays.

DROP TRIGGER append_only ON "audit_key";
CREATE TRIGGER append_only BEFORE UPDATE OF number, public_key, created_at OR DELETE OR TRUNCATE ON "audit_key" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE "audit_key" ENABLE ALWAYS TRIGGER append_only;
GRANT UPDATE (ciphertext, nonce, key_version) ON "audit_key" TO fleet_app;

-- ── Orgs with secrets that are sealed under the master key itself, as all were before there were data keys.

GRANT SELECT (org_id, key_version) ON "secret", "network_secret" TO fleet_system;
CREATE POLICY across_orgs ON "secret" FOR SELECT TO fleet_system USING (true);
CREATE POLICY across_orgs ON "network_secret" FOR SELECT TO fleet_system USING (true);

CREATE FUNCTION orgs_with_early_seals() RETURNS TABLE (org_id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT s.org_id FROM public.secret s WHERE s.key_version = 1
  UNION
  SELECT n.org_id FROM public.network_secret n WHERE n.key_version = 1
$$;

GRANT CREATE ON SCHEMA public TO fleet_system;
ALTER FUNCTION orgs_with_early_seals() OWNER TO fleet_system;
REVOKE CREATE ON SCHEMA public FROM fleet_system;
REVOKE EXECUTE ON FUNCTION orgs_with_early_seals() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION orgs_with_early_seals() TO fleet_app;
