-- AlterTable
ALTER TABLE "org_domain" ADD COLUMN     "looked_at" TIMESTAMPTZ(3),
ADD COLUMN     "lost_at" TIMESTAMPTZ(3);

-- Proofs that were last looked for a day ago; those that were gone then, an hour ago.
GRANT SELECT ON "org_domain" TO fleet_system;
CREATE FUNCTION domains_to_look_at(now timestamptz, most int) RETURNS TABLE (org_id text, id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT d.org_id, d.id FROM public.org_domain d
  WHERE d.proven_at IS NOT NULL
    AND coalesce(d.looked_at, d.proven_at) < domains_to_look_at.now - (CASE WHEN d.lost_at IS NULL THEN interval '1 day' ELSE interval '1 hour' END)
  ORDER BY coalesce(d.looked_at, d.proven_at) LIMIT domains_to_look_at.most
$$;

GRANT CREATE ON SCHEMA public TO fleet_system;
ALTER FUNCTION domains_to_look_at(timestamptz, int) OWNER TO fleet_system;
REVOKE CREATE ON SCHEMA public FROM fleet_system;
REVOKE EXECUTE ON FUNCTION domains_to_look_at(timestamptz, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION domains_to_look_at(timestamptz, int) TO fleet_app;
