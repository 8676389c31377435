-- What people change, with who, when, before and after; in the transaction of the change, by whatever program it is made.
-- The program sets quaystream.principal; else it is the user of the database.
-- depends: 0054_api_keys

CREATE TABLE audit (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at        timestamptz NOT NULL DEFAULT now(),
    terminal  text,              -- NULL: of none, or of all
    principal text NOT NULL,
    action    text NOT NULL,
    subject   text NOT NULL,
    before    jsonb,
    after     jsonb
);
CREATE INDEX audit_terminal ON audit (terminal, id DESC);

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log only grows';
END $$;
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

CREATE FUNCTION note_audit(terminal text, action text, subject text, before jsonb, after jsonb) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO audit (terminal, principal, action, subject, before, after)
    VALUES (terminal, coalesce(nullif(current_setting('quaystream.principal', true), ''), session_user), action, subject,
            before, after);
$$;

-- Arguments: what is changed, then the columns that name it. Secrets, hashed as they are, are left out.
CREATE FUNCTION audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    secret constant text[] := '{key_hash,password_hash}';
    old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - secret END;
    new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - secret END;
    one jsonb := coalesce(new_row, old_row);
    of_terminal text := one ->> 'terminal';
    of_device text;
    named text;
BEGIN
    IF one ? 'device_id' THEN
        SELECT d.terminal, concat_ws('/', d.stream, d.device) INTO of_terminal, of_device
        FROM device d WHERE d.device_id = (one ->> 'device_id')::integer;
    END IF;
    SELECT string_agg(one ->> c, '/' ORDER BY n) INTO named FROM unnest(TG_ARGV[1:]) WITH ORDINALITY AS x (c, n);
    PERFORM note_audit(
        of_terminal,
        TG_ARGV[0] || '.' || CASE TG_OP WHEN 'INSERT' THEN 'added' WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END,
        concat_ws('/', of_device, named), old_row, new_row
    );
    RETURN NULL;
END $$;

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON crane_delay_edit
    FOR EACH ROW EXECUTE FUNCTION audit_change('delay_cause', 'began_at');
CREATE TRIGGER audit AFTER INSERT ON alarm_act
    FOR EACH ROW EXECUTE FUNCTION audit_change('alarm_act', 'alarm', 'subject', 'raised_at');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON container_conflict_resolution
    FOR EACH ROW EXECUTE FUNCTION audit_change('conflict_resolution', 'container_id', 'kind', 'time');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON tos_import
    FOR EACH ROW EXECUTE FUNCTION audit_change('move_list', 'call_id');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON device_account
    FOR EACH ROW EXECUTE FUNCTION audit_change('device_account', 'stream', 'device');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON device_credential
    FOR EACH ROW EXECUTE FUNCTION audit_change('device_credential', 'username');
CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE OF role, terminal, expires_at, revoked_at ON api_key
    FOR EACH ROW EXECUTE FUNCTION audit_change('api_key', 'id');
