-- Accounts of devices at the broker, and the credentials of each: a new one for each rotation.
-- depends: 0052_alarm_postponed

CREATE TABLE device_account (
    terminal   text NOT NULL,
    stream     text NOT NULL,
    device     text NOT NULL,
    client_id  text NOT NULL UNIQUE,
    type       text,
    owner      text,
    added_at   timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz,
    PRIMARY KEY (terminal, stream, device)
);

CREATE TABLE device_credential (
    username      text PRIMARY KEY,
    terminal      text NOT NULL,
    stream        text NOT NULL,
    device        text NOT NULL,
    password_hash text NOT NULL,
    added_at      timestamptz NOT NULL DEFAULT now(),
    ends_at       timestamptz,           -- of one that was rotated or revoked
    FOREIGN KEY (terminal, stream, device) REFERENCES device_account
);
CREATE INDEX device_credential_device ON device_credential (terminal, stream, device);

-- `quaystream up` makes its broker follow.
CREATE FUNCTION notify_device_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('quaystream_device_accounts', '');
    RETURN NULL;
END $$;
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE OR DELETE ON device_account
    FOR EACH STATEMENT EXECUTE FUNCTION notify_device_accounts();
CREATE TRIGGER notify_change AFTER INSERT OR UPDATE OR DELETE ON device_credential
    FOR EACH STATEMENT EXECUTE FUNCTION notify_device_accounts();
