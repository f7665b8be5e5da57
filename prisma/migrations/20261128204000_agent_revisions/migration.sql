-- AlterTable
ALTER TABLE "run" ADD COLUMN     "agent_revision" INTEGER;

-- CreateTable
CREATE TABLE "agent_revision" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "agent_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "body" JSONB NOT NULL,
    "author_id" TEXT,
    "note" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "agent_revision_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "agent_revision_org_id_agent_id_number_key" ON "agent_revision"("org_id", "agent_id", "number");

-- AddForeignKey
ALTER TABLE "agent_revision" ADD CONSTRAINT "agent_revision_org_id_agent_id_fkey" FOREIGN KEY ("org_id", "agent_id") REFERENCES "agent"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_org_id_agent_id_agent_revision_fkey" FOREIGN KEY ("org_id", "agent_id", "agent_revision") REFERENCES "agent_revision"("org_id", "agent_id", "number") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What every agent is set to now becomes the revision that it is at. The owner of the tables reads past their policy for it.
ALTER TABLE "agent" NO FORCE ROW LEVEL SECURITY;
INSERT INTO "agent_revision" ("org_id", "id", "agent_id", "number", "body", "note", "created_at")
SELECT "org_id", 'agr_' || replace(gen_random_uuid()::text, '-', ''), "id", "revision",
  jsonb_build_object('name', "name", 'repoId', "repo_id", 'roleVersion', NULL, 'instructions', '', 'maxRuns', "max_runs", 'secondsLimit', "seconds_limit"),
  '', "created_at"
FROM "agent";
ALTER TABLE "agent" FORCE ROW LEVEL SECURITY;

ALTER TABLE "agent_revision" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "agent_revision" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "agent_revision" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));
GRANT SELECT, INSERT ON "agent_revision" TO fleet_app;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "agent_revision" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE "agent_revision" ENABLE ALWAYS TRIGGER append_only;
