-- CreateTable
CREATE TABLE "saved_filter" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "filter" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "saved_filter_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "saved_filter_org_id_name_key" ON "saved_filter"("org_id", "name");

-- CreateIndex
CREATE INDEX "event_org_id_at_stream_id_seq_idx" ON "event"("org_id", "at", "stream_id", "seq");

ALTER TABLE "saved_filter" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "saved_filter" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "saved_filter" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));
GRANT SELECT, INSERT, UPDATE, DELETE ON "saved_filter" TO fleet_app;
