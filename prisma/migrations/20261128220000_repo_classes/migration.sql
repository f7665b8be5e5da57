-- CreateTable
CREATE TABLE "repo_classes" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "repo_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "body" JSONB NOT NULL,
    "author_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "repo_classes_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "repo_classes_org_id_repo_id_version_key" ON "repo_classes"("org_id", "repo_id", "version");

-- AddForeignKey
ALTER TABLE "repo_classes" ADD CONSTRAINT "repo_classes_org_id_repo_id_fkey" FOREIGN KEY ("org_id", "repo_id") REFERENCES "repo"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "repo_classes" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "repo_classes" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "repo_classes" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));
GRANT SELECT, INSERT ON "repo_classes" TO fleet_app;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "repo_classes" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE "repo_classes" ENABLE ALWAYS TRIGGER append_only;
