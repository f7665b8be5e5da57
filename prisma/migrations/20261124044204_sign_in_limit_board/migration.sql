-- CreateTable
CREATE TABLE "sign_in_request" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "client" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sign_in_request_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "sign_in_request_email_at_idx" ON "sign_in_request"("email", "at");

-- CreateIndex
CREATE INDEX "sign_in_request_client_at_idx" ON "sign_in_request"("client", "at");

-- CreateIndex
CREATE INDEX "pipeline_run_org_id_ended_at_idx" ON "pipeline_run"("org_id", "ended_at");

-- CreateIndex
CREATE INDEX "run_org_id_started_at_idx" ON "run"("org_id", "started_at");

GRANT SELECT, INSERT, DELETE ON "sign_in_request" TO fleet_app;

-- Only an operator could ever connect a folder of the machine, so these repos keep his rights. Who connected a git URL is not
-- in its row: such a repo reaches public https addresses only until it is connected again.
ALTER TABLE "repo" NO FORCE ROW LEVEL SECURITY;
UPDATE "repo" SET "by_operator" = true WHERE "source" = 'local';
ALTER TABLE "repo" FORCE ROW LEVEL SECURITY;
