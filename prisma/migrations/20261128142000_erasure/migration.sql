-- CreateTable
CREATE TABLE "erasure" (
    "org_id" TEXT NOT NULL,
    "stream_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "tombstone" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "erasure_pkey" PRIMARY KEY ("org_id","stream_id","seq")
);

-- AddForeignKey
ALTER TABLE "erasure" ADD CONSTRAINT "erasure_org_id_stream_id_fkey" FOREIGN KEY ("org_id", "stream_id") REFERENCES "stream"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "erasure" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "erasure" FORCE ROW LEVEL SECURITY;
CREATE POLICY own_org ON "erasure" USING (org_id = NULLIF(current_setting('app.org', true), '')) WITH CHECK (org_id = NULLIF(current_setting('app.org', true), ''));

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "erasure" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE "erasure" ENABLE ALWAYS TRIGGER append_only;

-- ── One role may blank a payload, and only by the function below, which leaves a tombstone. It cannot log in. The processes may
-- call the function and read the tombstones; they can neither write one nor touch an event.

GRANT SELECT ON "erasure" TO fleet_app;
GRANT SELECT, INSERT ON "erasure" TO fleet_eraser;
GRANT SELECT, UPDATE ("payload", "salt") ON "event" TO fleet_eraser;

CREATE FUNCTION refuse_change_but_erasure() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND current_user = 'fleet_eraser' OR TG_OP = 'DELETE' AND current_user = 'fleet_purger' THEN RETURN NULL; END IF;
  RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

-- Also whoever is that role may only blank, and only behind a tombstone.
CREATE FUNCTION only_blank() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.payload = ''::bytea AND NEW.salt = ''::bytea
    AND (NEW.org_id, NEW.stream_id, NEW.seq, NEW.kind, NEW.at, NEW.header, NEW.hash)
      = (OLD.org_id, OLD.stream_id, OLD.seq, OLD.kind, OLD.at, OLD.header, OLD.hash)
    AND EXISTS (SELECT FROM public.erasure x WHERE x.org_id = OLD.org_id AND x.stream_id = OLD.stream_id AND x.seq = OLD.seq)
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'a payload is only ever blanked, behind a tombstone' USING ERRCODE = 'insufficient_privilege';
END
$$;

DROP TRIGGER append_only ON "event";
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "event" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_but_erasure();
ALTER TABLE "event" ENABLE ALWAYS TRIGGER append_only;
CREATE TRIGGER only_blank BEFORE UPDATE ON "event" FOR EACH ROW EXECUTE FUNCTION only_blank();
ALTER TABLE "event" ENABLE ALWAYS TRIGGER only_blank;

-- One event of the org that is pinned; false where it is not there or has no payload any more.
CREATE FUNCTION erase_event(stream text, number integer, tombstone text, at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  org text := NULLIF(current_setting('app.org', true), '');
BEGIN
  PERFORM FROM public.event e
  WHERE e.org_id = org AND e.stream_id = erase_event.stream AND e.seq = number AND e.payload <> ''::bytea FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO public.erasure (org_id, stream_id, seq, tombstone, at)
  VALUES (org, erase_event.stream, number, erase_event.tombstone, erase_event.at);
  UPDATE public.event e SET payload = ''::bytea, salt = ''::bytea
  WHERE e.org_id = org AND e.stream_id = erase_event.stream AND e.seq = number;
  RETURN true;
END
$$;

GRANT CREATE ON SCHEMA public TO fleet_eraser;
ALTER FUNCTION erase_event(text, integer, text, timestamptz) OWNER TO fleet_eraser;
REVOKE CREATE ON SCHEMA public FROM fleet_eraser;
REVOKE EXECUTE ON FUNCTION erase_event(text, integer, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_event(text, integer, text, timestamptz) TO fleet_app;
