-- Devices, raw samples, quarantine.
-- No foreign key leads from a hypertable to `device`: with one, writers deadlock at chunk boundaries.
-- depends:

CREATE EXTENSION IF NOT EXISTS timescaledb;

CREATE TABLE device (
    device_id  integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    terminal   text NOT NULL,
    stream     text NOT NULL,
    device     text NOT NULL,
    type       text,
    first_seen timestamptz NOT NULL DEFAULT now(),
    UNIQUE (terminal, stream, device)
);

CREATE TABLE device_status (
    device_id integer PRIMARY KEY,
    online    boolean NOT NULL,
    at        timestamptz NOT NULL
);

-- Counted by the worker in the transaction that stores the samples.
CREATE TABLE device_count (
    device_id        integer PRIMARY KEY,
    samples_received bigint NOT NULL DEFAULT 0,
    stored           bigint NOT NULL DEFAULT 0,
    duplicate        bigint NOT NULL DEFAULT 0,
    late             bigint NOT NULL DEFAULT 0,
    out_of_range     bigint NOT NULL DEFAULT 0,
    unknown_keys     bigint NOT NULL DEFAULT 0,
    quarantined      bigint NOT NULL DEFAULT 0,
    seq_gaps         bigint NOT NULL DEFAULT 0,
    last_time        timestamptz,
    last_received_at timestamptz
) WITH (fillfactor = 70);

CREATE TABLE quarantine (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    received_at timestamptz NOT NULL,
    topic       text NOT NULL,
    payload     bytea NOT NULL,
    reason      text NOT NULL,
    detail      text NOT NULL,
    terminal    text,
    stream      text,
    device      text,
    digest      bytea NOT NULL  -- of topic, payload and place in it: a redelivered message is quarantined once
);
CREATE INDEX quarantine_received_at ON quarantine (received_at DESC);
CREATE INDEX quarantine_digest ON quarantine (digest);

CREATE TABLE crane_telemetry (
    time               timestamptz NOT NULL,
    device_id          integer NOT NULL,
    seq                bigint NOT NULL DEFAULT 0,
    received_at        timestamptz NOT NULL,
    boot               text,
    hoist_height_m     double precision,
    trolley_position_m double precision,
    gantry_position_m  double precision,
    load_t             double precision,
    twistlock_locked   boolean,
    twistlock_unlocked boolean,
    landed             boolean,
    spreader_size_ft   bigint,
    twin               boolean,
    wind_speed_mps     double precision,
    power_kw           double precision,
    energy_kwh         double precision,
    state              text,
    logged_on          boolean,
    move_count         bigint,
    container_ids      text[],
    extra              jsonb,
    UNIQUE (device_id, time, seq)
);
DO $$ BEGIN PERFORM create_hypertable('crane_telemetry', 'time', chunk_time_interval => interval '6 hours',
                         create_default_indexes => false); END $$;

CREATE TABLE gate_event (
    time            timestamptz NOT NULL,
    device_id       integer NOT NULL,
    seq             bigint NOT NULL DEFAULT 0,
    received_at     timestamptz NOT NULL,
    boot            text,
    event           text,
    direction       text,
    visit_id        text,
    plate           text,
    container_ids   text[],
    iso_codes       text[],
    confidence      double precision,
    gross_weight_kg double precision,
    appointment_id  text,
    queue_length    bigint,
    extra           jsonb,
    UNIQUE (device_id, time, seq)
);
DO $$ BEGIN PERFORM create_hypertable('gate_event', 'time', chunk_time_interval => interval '1 day',
                         create_default_indexes => false); END $$;

CREATE TABLE reefer_telemetry (
    time          timestamptz NOT NULL,
    device_id     integer NOT NULL,
    seq           bigint NOT NULL DEFAULT 0,
    received_at   timestamptz NOT NULL,
    boot          text,
    container_id  text,
    setpoint_degc double precision,
    supply_degc   double precision,
    return_degc   double precision,
    ambient_degc  double precision,
    usda1_degc    double precision,
    usda2_degc    double precision,
    usda3_degc    double precision,
    cargo_degc    double precision,
    humidity_pct  double precision,
    o2_pct        double precision,
    co2_pct       double precision,
    plugged       boolean,
    powered       boolean,
    compressor_on boolean,
    mode          text,
    power_kw      double precision,
    alarms        text[],
    extra         jsonb,
    UNIQUE (device_id, time, seq)
);
DO $$ BEGIN PERFORM create_hypertable('reefer_telemetry', 'time', chunk_time_interval => interval '1 day',
                         create_default_indexes => false); END $$;

CREATE TABLE vessel_call (
    terminal    text NOT NULL,
    call_id     text NOT NULL,
    payload     jsonb NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (terminal, call_id)
);
