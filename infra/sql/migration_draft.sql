-- The migration of a stream, made of its row of the registry; infra/migration_draft.py fills it in.

-- name: migration
-- What it is for.
-- depends: {newest}

-- name: samples
CREATE TABLE {table} (
    time timestamptz NOT NULL,
    device_id integer NOT NULL,
    seq bigint NOT NULL DEFAULT 0,
    received_at timestamptz NOT NULL,
    boot text,
{columns}
    extra jsonb,
    UNIQUE (device_id, time, seq)
);
DO $$ BEGIN PERFORM create_hypertable('{table}', 'time', chunk_time_interval => interval '6 hours',
                         create_default_indexes => false); END $$;

-- name: samples_view
CREATE VIEW v_{name} AS
SELECT d.terminal, d.device, t.time, t.seq, t.received_at,
       {columns},
       t.boot, t.extra, t.device_id
FROM {table} t JOIN device d USING (device_id);

-- name: facts
CREATE TABLE {table} (
{columns}
    PRIMARY KEY ({key})
);

-- name: facts_index
CREATE INDEX {table}_{time} ON {table} ({time} DESC);

-- name: facts_view
CREATE VIEW v_{table} AS
SELECT d.terminal, d.device,
       {columns},
       d.type, t.device_id
FROM {table} t JOIN device d USING (device_id);

-- name: terminal_facts_view
CREATE VIEW v_{table} AS
SELECT {columns}
FROM {table};

-- name: facts_notify
CREATE TRIGGER notify AFTER INSERT OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {function}();
CREATE TRIGGER notify_update AFTER UPDATE ON {table}
    FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION {function}();
