-- CreateEnum
CREATE TYPE "EnvironmentStatus" AS ENUM ('queued', 'running', 'passed', 'failed');

-- AlterTable
ALTER TABLE "repo" ADD COLUMN     "setup" JSONB;

-- CreateTable
CREATE TABLE "environment_check" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "repo_id" TEXT NOT NULL,
    "commit" TEXT,
    "settings" TEXT NOT NULL,
    "status" "EnvironmentStatus" NOT NULL,
    "report" JSONB NOT NULL,
    "cases_blob_id" TEXT,
    "lease_owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "environment_check_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateIndex
CREATE INDEX "environment_check_org_id_repo_id_commit_idx" ON "environment_check"("org_id", "repo_id", "commit");

-- AddForeignKey
ALTER TABLE "environment_check" ADD CONSTRAINT "environment_check_org_id_repo_id_fkey" FOREIGN KEY ("org_id", "repo_id") REFERENCES "repo"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "environment_check" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "environment_check" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "environment_check" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));
GRANT SELECT, INSERT, UPDATE ON "environment_check" TO fleet_app;

-- Environment checks that nobody holds, beside stale_work: what a crash between a commit and its message leaves behind.
GRANT SELECT ON "environment_check" TO fleet_system;
CREATE POLICY across_orgs ON "environment_check" FOR SELECT TO fleet_system USING (true);
CREATE FUNCTION stale_environment_checks(now timestamptz) RETURNS TABLE (org_id text, kind text, id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT e.org_id, 'environment-check', e.id FROM public.environment_check e
  WHERE e.status = 'queued'
    OR (e.status = 'running' AND (e.lease_until IS NULL OR e.lease_until < stale_environment_checks.now))
$$;
GRANT CREATE ON SCHEMA public TO fleet_system;
ALTER FUNCTION stale_environment_checks(timestamptz) OWNER TO fleet_system;
REVOKE CREATE ON SCHEMA public FROM fleet_system;
REVOKE EXECUTE ON FUNCTION stale_environment_checks(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION stale_environment_checks(timestamptz) TO fleet_app;
