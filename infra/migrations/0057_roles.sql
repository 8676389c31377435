-- What roles with few rights need of the owner's: each function does one thing with the owner's rights, with a search path
-- of its own, so that nobody's objects take the place of those it names. Who may do what with the tables, and call these,
-- is in infra/access/privileges.py.
-- depends: 0056_users

-- Entries of the audit log are added, whoever makes the change; nobody but these functions writes there.
DO $$
DECLARE
    own constant text := quote_ident(current_schema()) || ', pg_temp';
BEGIN
    EXECUTE 'ALTER FUNCTION audit_change() SECURITY DEFINER SET search_path = ' || own;
    EXECUTE 'ALTER FUNCTION note_audit(text, text, text, jsonb, jsonb) SECURITY DEFINER SET search_path = ' || own;
END $$;
REVOKE EXECUTE ON FUNCTION audit_change(), note_audit(text, text, text, jsonb, jsonb) FROM PUBLIC;

-- Chunks are dropped by their owner only. The shortest retention is a day, and a day of grace.
CREATE FUNCTION drop_old_samples(samples regclass, days integer) RETURNS SETOF text LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF days < 2 THEN
        RAISE EXCEPTION 'samples of the last two days are not dropped';
    END IF;
    RETURN QUERY SELECT drop_chunks(samples, older_than => make_interval(days => days));
END $$;
DO $$
DECLARE
    of_extension constant text := (SELECT quote_ident(n.nspname) FROM pg_extension e
                                   JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'timescaledb');
BEGIN
    EXECUTE format('ALTER FUNCTION drop_old_samples(regclass, integer) SET search_path = %I, %s, pg_temp',
                   current_schema(), of_extension);
END $$;
REVOKE EXECUTE ON FUNCTION drop_old_samples(regclass, integer) FROM PUBLIC;
