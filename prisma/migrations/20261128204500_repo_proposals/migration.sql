-- CreateEnum
CREATE TYPE "RepoProposalStatus" AS ENUM ('open', 'accepted', 'dismissed', 'gone');

-- CreateTable
CREATE TABLE "repo_proposal" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "repo_id" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "problem" TEXT,
    "commit" TEXT NOT NULL,
    "is_current" BOOLEAN NOT NULL,
    "status" "RepoProposalStatus" NOT NULL,
    "reason" TEXT NOT NULL DEFAULT '',
    "decided_by" TEXT,
    "approval_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "repo_proposal_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateIndex
CREATE INDEX "repo_proposal_org_id_is_current_status_idx" ON "repo_proposal"("org_id", "is_current", "status");

-- CreateIndex
CREATE UNIQUE INDEX "repo_proposal_org_id_repo_id_path_digest_key" ON "repo_proposal"("org_id", "repo_id", "path", "digest");

-- AddForeignKey
ALTER TABLE "repo_proposal" ADD CONSTRAINT "repo_proposal_org_id_repo_id_fkey" FOREIGN KEY ("org_id", "repo_id") REFERENCES "repo"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "repo_proposal" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "repo_proposal" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "repo_proposal" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));
GRANT SELECT, INSERT, UPDATE ON "repo_proposal" TO fleet_app;
