-- CreateTable
CREATE TABLE "mcp_server" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "transport" JSONB NOT NULL,
    "tools" JSONB NOT NULL,
    "seen" JSONB,
    "asked_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "mcp_server_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "mcp_server_org_id_name_key" ON "mcp_server"("org_id", "name");

ALTER TABLE "mcp_server" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "mcp_server" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "mcp_server" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));
GRANT SELECT, INSERT, UPDATE, DELETE ON "mcp_server" TO fleet_app;
