-- Cold treatments: as they were announced last, the log of their readings, and their runs.
-- depends: 0018_gates

-- `until_at`: readings up to then belong to it; when it is done, or long after it began. `logged_from`: since then every
-- stored row is in the log; NULL: rows stored before it was announced are not yet. `entries`, `head`: how many the log
-- has, and the hash of the last one. `followed`: how many of them the runs are made of; -1: they are to be made again.
CREATE TABLE treatment (
    terminal         text NOT NULL,
    container_id     text NOT NULL,
    schedule         text NOT NULL,
    began_at         timestamptz NOT NULL,
    corrections_degc double precision[] NOT NULL,
    announced_at     timestamptz NOT NULL DEFAULT now(),
    until_at         timestamptz NOT NULL,
    logged_from      timestamptz,
    entries          bigint NOT NULL DEFAULT 0,
    head             bytea NOT NULL DEFAULT '',
    followed         bigint NOT NULL DEFAULT -1,
    PRIMARY KEY (terminal, container_id)
);

-- A chain in order of arrival: `chain_hash` is made of the one before and of `row_hash`, that of the stored row.
CREATE TABLE treatment_log (
    terminal     text NOT NULL,
    container_id text NOT NULL,
    number       bigint NOT NULL,
    device_id    integer NOT NULL,
    time         timestamptz NOT NULL,
    seq          bigint NOT NULL,
    row_hash     bytea NOT NULL,
    chain_hash   bytea NOT NULL,
    PRIMARY KEY (terminal, container_id, number),
    UNIQUE (terminal, container_id, device_id, time, seq)
);

CREATE TABLE cold_treatment (
    terminal      text NOT NULL,
    container_id  text NOT NULL,
    began_at      timestamptz NOT NULL,
    schedule      text NOT NULL,
    level         double precision NOT NULL,
    done_h        double precision NOT NULL,
    left_h        double precision NOT NULL,
    verdict       text NOT NULL,
    breach_at     timestamptz,
    breach_sensor text,
    ended_at      timestamptz,
    PRIMARY KEY (terminal, container_id, began_at)
);

CREATE VIEW v_cold_treatment AS
SELECT terminal, container_id, schedule, began_at, level, done_h, left_h, verdict, breach_at, breach_sensor, ended_at
FROM cold_treatment;
