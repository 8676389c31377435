-- Levels as facts, so that every KPI is a function of fact tables; and notes of what is to be made again.
-- depends: 0003_views

CREATE TABLE device_level (
    device_id integer NOT NULL,
    name      text NOT NULL,
    time      timestamptz NOT NULL,
    value     double precision NOT NULL,
    PRIMARY KEY (device_id, name, time)
);

-- A device whose late samples are stored, and whose facts around them are to be made again.
CREATE TABLE recompute_facts (
    device_id integer PRIMARY KEY,
    first     timestamptz NOT NULL,
    last      timestamptz NOT NULL
);

-- KPI samples older than the facts that the worker keeps in memory, to be made again from a time on.
CREATE TABLE recompute_kpis (
    terminal text NOT NULL,
    fact     text NOT NULL,
    subject  text NOT NULL,
    since    timestamptz NOT NULL,
    PRIMARY KEY (terminal, fact, subject)
);

-- A visit is told by its completed transactions; where no visit number is given, the plate stands for it.
CREATE INDEX gate_transaction_visit ON gate_transaction ((coalesce(visit, plate)));

CREATE VIEW v_device_level AS
SELECT d.terminal, d.device, l.name, l.time, l.value, l.device_id FROM device_level l JOIN device d USING (device_id);
