-- The size of the last signed head of every org that has one.
CREATE FUNCTION head_sizes() RETURNS TABLE (org_id text, size int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT s.org_id, h.size FROM public.stream s
  CROSS JOIN LATERAL (SELECT t.size FROM public.tree_head t WHERE t.org_id = s.org_id ORDER BY t.size DESC LIMIT 1) h
  WHERE s.kind = 'org'
$$;

GRANT CREATE ON SCHEMA public TO fleet_system;
ALTER FUNCTION head_sizes() OWNER TO fleet_system;
REVOKE CREATE ON SCHEMA public FROM fleet_system;
REVOKE EXECUTE ON FUNCTION head_sizes() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION head_sizes() TO fleet_app;
