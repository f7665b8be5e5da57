-- A domain whose proof is gone brings nobody new in: also no account where sign-up is closed.
GRANT CREATE ON SCHEMA public TO fleet_system;
SET ROLE fleet_system;
CREATE OR REPLACE FUNCTION is_awaited(email text, now timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (
      SELECT FROM public.invitation i
      WHERE i.email = is_awaited.email AND i.status = 'pending' AND i.expires_at > is_awaited.now)
    OR EXISTS (
      SELECT FROM public.org_domain d JOIN public.proven_domain p ON p.org_id = d.org_id AND p.domain = d.domain
      WHERE d.domain = regexp_replace(is_awaited.email, '^.*@', '') AND d.proven_at IS NOT NULL AND d.lost_at IS NULL
        AND d.join_as IS NOT NULL)
$$;
RESET ROLE;
REVOKE CREATE ON SCHEMA public FROM fleet_system;
