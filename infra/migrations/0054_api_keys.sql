-- Keys that people and programs reach the API with, and sessions of the page, which begin with one.
-- depends: 0053_device_accounts

CREATE TABLE api_key (
    id           text PRIMARY KEY,
    name         text NOT NULL,
    role         text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    terminal     text,                   -- NULL: all
    key_hash     bytea NOT NULL,         -- SHA-256 of the secret part
    added_at     timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz,
    revoked_at   timestamptz,
    last_used_at timestamptz
);

CREATE TABLE api_session (
    token_hash bytea PRIMARY KEY,        -- SHA-256 of the cookie
    key_id     text NOT NULL REFERENCES api_key,
    began_at   timestamptz NOT NULL DEFAULT now(),
    ends_at    timestamptz NOT NULL
);

-- The API knows both by heart; it reads them again when it is notified.
CREATE FUNCTION notify_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('quaystream_access', '');
    RETURN NULL;
END $$;
CREATE TRIGGER notify_change AFTER INSERT OR DELETE OR UPDATE OF role, terminal, expires_at, revoked_at ON api_key
    FOR EACH STATEMENT EXECUTE FUNCTION notify_access();
CREATE TRIGGER notify_change AFTER INSERT OR DELETE OR UPDATE ON api_session
    FOR EACH STATEMENT EXECUTE FUNCTION notify_access();
