-- CreateTable
CREATE TABLE "smoke_test" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "repo_id" TEXT NOT NULL,
    "agent_id" TEXT NOT NULL,
    "path" TEXT,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "result" JSONB,

    CONSTRAINT "smoke_test_pkey" PRIMARY KEY ("org_id","id")
);

-- AddForeignKey
ALTER TABLE "smoke_test" ADD CONSTRAINT "smoke_test_org_id_repo_id_fkey" FOREIGN KEY ("org_id", "repo_id") REFERENCES "repo"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "smoke_test" ADD CONSTRAINT "smoke_test_org_id_agent_id_fkey" FOREIGN KEY ("org_id", "agent_id") REFERENCES "agent"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "smoke_test" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "smoke_test" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "smoke_test" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));
GRANT SELECT, INSERT, UPDATE ON "smoke_test" TO fleet_app;
