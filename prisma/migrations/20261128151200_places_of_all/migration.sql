-- The two steps before changed rows under row-level security, which holds for a table's owner too: where that one is no superuser,
-- they changed none.
ALTER TABLE "mcp_server" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "org" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "agent" NO FORCE ROW LEVEL SECURITY;
UPDATE "mcp_server" SET "asked_at" = NULL WHERE "asked_repo_id" IS NULL AND "asked_at" IS NOT NULL;
UPDATE "org" SET "max_runs" = 20 WHERE "max_runs" > 20;
UPDATE "agent" SET "max_runs" = 20 WHERE "max_runs" > 20;
ALTER TABLE "mcp_server" FORCE ROW LEVEL SECURITY;
ALTER TABLE "org" FORCE ROW LEVEL SECURITY;
ALTER TABLE "agent" FORCE ROW LEVEL SECURITY;
