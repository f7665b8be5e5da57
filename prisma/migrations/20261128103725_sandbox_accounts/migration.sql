-- CreateTable
CREATE TABLE "sandbox_account" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "domain" TEXT NOT NULL,
    "template" TEXT NOT NULL,
    "ciphertext" BYTEA NOT NULL,
    "nonce" BYTEA NOT NULL,
    "key_version" INTEGER NOT NULL,
    "hint" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sandbox_account_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "sandbox_account_org_id_key" ON "sandbox_account"("org_id");

ALTER TABLE "sandbox_account" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "sandbox_account" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "sandbox_account" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));
GRANT SELECT, INSERT, UPDATE, DELETE ON "sandbox_account" TO fleet_app;

-- Which orgs have one is all that is read across orgs.
GRANT SELECT (org_id) ON "sandbox_account" TO fleet_system;
CREATE POLICY across_orgs ON "sandbox_account" FOR SELECT TO fleet_system USING (true);
CREATE FUNCTION orgs_with_sandbox_account() RETURNS TABLE (org_id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.org_id FROM public.sandbox_account a
$$;

GRANT CREATE ON SCHEMA public TO fleet_system;
ALTER FUNCTION orgs_with_sandbox_account() OWNER TO fleet_system;
REVOKE CREATE ON SCHEMA public FROM fleet_system;
REVOKE EXECUTE ON FUNCTION orgs_with_sandbox_account() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION orgs_with_sandbox_account() TO fleet_app;
