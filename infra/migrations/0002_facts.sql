-- Facts, each with a natural key: writing one again is harmless.
-- depends: 0001_streams

CREATE TABLE crane_move (
    device_id      integer NOT NULL,
    locked_at      timestamptz NOT NULL,
    lifted_at      timestamptz NOT NULL,
    landed_at      timestamptz NOT NULL,
    unlocked_at    timestamptz NOT NULL,
    kind           text NOT NULL
        CHECK (kind IN ('load', 'discharge', 'shift', 'rehandle', 'hatch_cover', 'gear')),
    boxes          integer NOT NULL,
    teu            double precision NOT NULL,
    from_trolley_m double precision,
    to_trolley_m   double precision,
    gantry_m       double precision,
    peak_load_t    double precision,
    size_ft        integer,
    twin           boolean NOT NULL,
    container_ids  text[],
    inferred       boolean NOT NULL,
    PRIMARY KEY (device_id, locked_at)
);
CREATE INDEX crane_move_unlocked_at ON crane_move (unlocked_at DESC);

CREATE TABLE gate_transaction (
    device_id     integer NOT NULL,
    entered_at    timestamptz NOT NULL,
    opened_at     timestamptz,
    left_at       timestamptz,
    direction     text,
    visit         text,
    plate         text,
    trouble       boolean NOT NULL,
    container_ids text[],
    gross_weight_kg double precision,
    PRIMARY KEY (device_id, entered_at)
);
CREATE INDEX gate_transaction_entered_at ON gate_transaction (entered_at DESC);

CREATE TABLE truck_visit (
    terminal   text NOT NULL,
    visit      text NOT NULL,
    plate      text,
    entered_at timestamptz,
    left_at    timestamptz,
    lane_in    text,
    lane_out   text,
    PRIMARY KEY (terminal, visit)
);
CREATE INDEX truck_visit_left_at ON truck_visit (left_at DESC);

CREATE TABLE reefer_excursion (
    device_id     integer NOT NULL,
    probe         text NOT NULL,
    began_at      timestamptz NOT NULL,
    ended_at      timestamptz,
    container_id  text,
    setpoint_degc double precision NOT NULL,
    worst_degc    double precision NOT NULL,
    PRIMARY KEY (device_id, probe, began_at)
);
CREATE INDEX reefer_excursion_began_at ON reefer_excursion (began_at DESC);

CREATE TABLE kpi_sample (
    time     timestamptz NOT NULL,
    terminal text NOT NULL,
    kpi      text NOT NULL,
    subject  text NOT NULL,
    "window" text NOT NULL,
    value    double precision,
    UNIQUE (terminal, kpi, subject, "window", time)
);
DO $$ BEGIN PERFORM create_hypertable('kpi_sample', 'time', chunk_time_interval => interval '7 days',
                         create_default_indexes => false); END $$;
