-- AlterTable
ALTER TABLE "run" ADD COLUMN     "connection_id" TEXT NOT NULL DEFAULT 'anthropic',
ADD COLUMN     "fallback" JSONB;

-- CreateTable
CREATE TABLE "model_settings" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "model_settings_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "model_settings_org_id_key" ON "model_settings"("org_id");

ALTER TABLE "model_settings" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "model_settings" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "model_settings" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));
GRANT SELECT, INSERT, UPDATE ON "model_settings" TO fleet_app;
