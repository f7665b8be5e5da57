-- CreateTable
CREATE UNLOGGED TABLE "rate_count" (
    "subject" TEXT NOT NULL,
    "window_start" TIMESTAMPTZ(3) NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "rate_count_pkey" PRIMARY KEY ("subject")
);

-- CreateTable
CREATE TABLE "service_account" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "service_account_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "service_account_id" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "scopes" TEXT[],
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "service_account_org_id_name_key" ON "service_account"("org_id", "name");

-- CreateIndex
CREATE INDEX "api_key_org_id_service_account_id_idx" ON "api_key"("org_id", "service_account_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_org_id_prefix_key" ON "api_key"("org_id", "prefix");

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_org_id_service_account_id_fkey" FOREIGN KEY ("org_id", "service_account_id") REFERENCES "service_account"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "service_account" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "service_account" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "service_account" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));
ALTER TABLE "api_key" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "api_key" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "api_key" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));
GRANT SELECT, INSERT, UPDATE ON "service_account", "api_key" TO fleet_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON "rate_count" TO fleet_app;
