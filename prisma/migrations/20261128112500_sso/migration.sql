-- AlterTable
ALTER TABLE "org" ADD COLUMN     "required_sso" TEXT;

-- AlterTable
ALTER TABLE "session" ADD COLUMN     "provider" TEXT;

-- CreateTable
CREATE TABLE "sso_provider" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "issuer" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "ciphertext" BYTEA NOT NULL,
    "nonce" BYTEA NOT NULL,
    "key_version" INTEGER NOT NULL,
    "by_operator" BOOLEAN NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sso_provider_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "org_domain" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "domain" TEXT NOT NULL,
    "proof" TEXT NOT NULL,
    "proven_at" TIMESTAMPTZ(3),
    "join_as" "OrgRole",
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "org_domain_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "join_bar" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "join_bar_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "sso_bypass" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "session_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sso_bypass_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "proven_domain" (
    "domain" TEXT NOT NULL,
    "org_id" TEXT NOT NULL,

    CONSTRAINT "proven_domain_pkey" PRIMARY KEY ("domain")
);

-- CreateIndex
CREATE UNIQUE INDEX "sso_provider_org_id_key" ON "sso_provider"("org_id");

-- CreateIndex
CREATE UNIQUE INDEX "org_domain_org_id_domain_key" ON "org_domain"("org_id", "domain");

-- CreateIndex
CREATE UNIQUE INDEX "join_bar_org_id_user_id_key" ON "join_bar"("org_id", "user_id");

-- CreateIndex
CREATE INDEX "sso_bypass_org_id_session_id_idx" ON "sso_bypass"("org_id", "session_id");

ALTER TABLE "sso_provider" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "sso_provider" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "sso_provider" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "org_domain" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "org_domain" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "org_domain" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "join_bar" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "join_bar" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "join_bar" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

ALTER TABLE "sso_bypass" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "sso_bypass" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "sso_bypass" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

GRANT SELECT, INSERT, UPDATE, DELETE ON "sso_provider", "org_domain" TO fleet_app;
GRANT SELECT, INSERT, UPDATE ON "join_bar", "sso_bypass" TO fleet_app;
GRANT SELECT, INSERT, DELETE ON "proven_domain" TO fleet_app;
