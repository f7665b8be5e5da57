-- In which repo a server is to be tried, so that the sweep can ask for it again.
ALTER TABLE "mcp_server" ADD COLUMN     "asked_repo_id" TEXT;

-- Of what was asked for before, nobody knows where: it can be asked for anew.
UPDATE "mcp_server" SET "asked_at" = NULL;

ALTER TABLE "mcp_server" ADD CONSTRAINT "mcp_server_org_id_asked_repo_id_fkey" FOREIGN KEY ("org_id", "asked_repo_id") REFERENCES "repo"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Trials that nobody has answered, beside stale_work: what a lost message or a worker that died leaves behind.
GRANT SELECT (org_id, id, asked_at) ON "mcp_server" TO fleet_system;
CREATE POLICY across_orgs ON "mcp_server" FOR SELECT TO fleet_system USING (true);
CREATE FUNCTION stale_mcp_trials(now timestamptz) RETURNS TABLE (org_id text, kind text, id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.org_id, 'mcp-trial', m.id FROM public.mcp_server m WHERE m.asked_at < stale_mcp_trials.now - interval '5 minutes'
$$;
GRANT CREATE ON SCHEMA public TO fleet_system;
ALTER FUNCTION stale_mcp_trials(timestamptz) OWNER TO fleet_system;
REVOKE CREATE ON SCHEMA public FROM fleet_system;
REVOKE EXECUTE ON FUNCTION stale_mcp_trials(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION stale_mcp_trials(timestamptz) TO fleet_app;
