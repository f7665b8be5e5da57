-- CreateTable
CREATE TABLE "team_member" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "member_id" TEXT NOT NULL,

    CONSTRAINT "team_member_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateIndex
CREATE INDEX "team_member_org_id_member_id_idx" ON "team_member"("org_id", "member_id");

-- CreateIndex
CREATE UNIQUE INDEX "team_member_org_id_team_id_member_id_key" ON "team_member"("org_id", "team_id", "member_id");

-- AddForeignKey
ALTER TABLE "team_member" ADD CONSTRAINT "team_member_org_id_team_id_fkey" FOREIGN KEY ("org_id", "team_id") REFERENCES "team"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_member" ADD CONSTRAINT "team_member_org_id_member_id_fkey" FOREIGN KEY ("org_id", "member_id") REFERENCES "member"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "team_member" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "team_member" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "team_member" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));
GRANT SELECT, INSERT, UPDATE, DELETE ON "team_member" TO fleet_app;
GRANT DELETE ON "team" TO fleet_app;
