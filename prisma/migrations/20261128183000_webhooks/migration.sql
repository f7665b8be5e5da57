-- CreateEnum
CREATE TYPE "DeliveryState" AS ENUM ('pending', 'delivered', 'dead');

-- CreateTable
CREATE TABLE "webhook" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "filter" TEXT NOT NULL,
    "sends_events" BOOLEAN NOT NULL,
    "sends_heads" BOOLEAN NOT NULL,
    "next_leaf" INTEGER NOT NULL,
    "head_size" INTEGER NOT NULL,
    "ciphertext" BYTEA NOT NULL,
    "nonce" BYTEA NOT NULL,
    "key_version" INTEGER NOT NULL,
    "earlier_ciphertext" BYTEA,
    "earlier_nonce" BYTEA,
    "earlier_key_version" INTEGER,
    "earlier_until" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),
    "failing_since" TIMESTAMPTZ(3),
    "problem" TEXT,
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "webhook_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateTable
CREATE TABLE "webhook_delivery" (
    "org_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "webhook_id" TEXT NOT NULL,
    "lane" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "leaf" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "state" "DeliveryState" NOT NULL,
    "tries" INTEGER NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "problem" TEXT,
    "queued_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("org_id","id")
);

-- CreateIndex
CREATE INDEX "webhook_delivery_org_id_webhook_id_state_due_at_idx" ON "webhook_delivery"("org_id", "webhook_id", "state", "due_at");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_delivery_org_id_webhook_id_lane_seq_key" ON "webhook_delivery"("org_id", "webhook_id", "lane", "seq");

-- AddForeignKey
ALTER TABLE "webhook_delivery" ADD CONSTRAINT "webhook_delivery_org_id_webhook_id_fkey" FOREIGN KEY ("org_id", "webhook_id") REFERENCES "webhook"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "webhook" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "webhook" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "webhook" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));
GRANT SELECT, INSERT, UPDATE, DELETE ON "webhook" TO fleet_app;

ALTER TABLE "webhook_delivery" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "webhook_delivery" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "webhook_delivery" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));
GRANT SELECT, INSERT, UPDATE, DELETE ON "webhook_delivery" TO fleet_app;

-- ── Webhooks that are on, over all orgs.

GRANT SELECT (org_id, id, disabled_at) ON "webhook" TO fleet_system;
CREATE POLICY across_orgs ON "webhook" FOR SELECT TO fleet_system USING (true);

CREATE FUNCTION webhooks_at_work() RETURNS TABLE (org_id text, id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT w.org_id, w.id FROM public.webhook w WHERE w.disabled_at IS NULL
$$;

GRANT CREATE ON SCHEMA public TO fleet_system;
ALTER FUNCTION webhooks_at_work() OWNER TO fleet_system;
REVOKE CREATE ON SCHEMA public FROM fleet_system;
REVOKE EXECUTE ON FUNCTION webhooks_at_work() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION webhooks_at_work() TO fleet_app;
