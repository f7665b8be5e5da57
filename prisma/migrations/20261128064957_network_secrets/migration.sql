-- CreateTable
CREATE TABLE "network_secret" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "places" TEXT[],
    "header" TEXT NOT NULL,
    "in_set_up" BOOLEAN NOT NULL,
    "in_runs" BOOLEAN NOT NULL,
    "repo_id" TEXT,
    "ciphertext" BYTEA NOT NULL,
    "nonce" BYTEA NOT NULL,
    "key_version" INTEGER NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "network_secret_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "network_secret_org_id_name_key" ON "network_secret"("org_id", "name");

-- AddForeignKey
ALTER TABLE "network_secret" ADD CONSTRAINT "network_secret_org_id_repo_id_fkey" FOREIGN KEY ("org_id", "repo_id") REFERENCES "repo"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "network_secret" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "network_secret" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "network_secret" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));
GRANT SELECT, INSERT, UPDATE, DELETE ON "network_secret" TO fleet_app;
