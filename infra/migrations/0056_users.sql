-- People who log in with a name and a password; sessions of the page begin with a key or with one of them.
-- depends: 0055_audit

CREATE TABLE api_user (
    name            text PRIMARY KEY,
    role            text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    terminal        text,                -- NULL: all
    password_hash   text NOT NULL,       -- Argon2id, in the form of PHC
    added_at        timestamptz NOT NULL DEFAULT now(),
    password_set_at timestamptz NOT NULL DEFAULT now(),
    disabled_at     timestamptz,
    last_used_at    timestamptz
);
-- Nobody is to be taken for somebody else whose name differs by a capital.
CREATE UNIQUE INDEX api_user_name ON api_user (lower(name));

ALTER TABLE api_session
    ALTER COLUMN key_id DROP NOT NULL,
    ADD COLUMN user_name text REFERENCES api_user,
    ADD CONSTRAINT api_session_of_one CHECK (num_nonnulls(key_id, user_name) = 1);

-- Whoever has been logged in under an earlier password, or before being disabled, is logged in no more.
CREATE FUNCTION end_user_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM api_session WHERE user_name = NEW.name;
    RETURN NULL;
END $$;
CREATE TRIGGER end_sessions AFTER UPDATE OF password_hash, disabled_at ON api_user
    FOR EACH ROW EXECUTE FUNCTION end_user_sessions();

CREATE TRIGGER notify_change AFTER INSERT OR DELETE OR UPDATE OF role, terminal, password_hash, disabled_at ON api_user
    FOR EACH STATEMENT EXECUTE FUNCTION notify_access();
CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE OF role, terminal, password_hash, disabled_at ON api_user
    FOR EACH ROW EXECUTE FUNCTION audit_change('api_user', 'name');
