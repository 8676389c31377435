-- Expected boxes as they are announced, and the search over containers.
-- depends: 0015_vehicles

-- Trigrams find a part of a number among a million; the extension is one of PostgreSQL's own (contrib).
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE container_announcement (
    terminal             text NOT NULL,
    container_id         text COLLATE "C" NOT NULL,
    iso_code             text,
    category             text,
    empty_indicator      text,
    line                 text,
    call_in              text,
    vessel_in            text,
    call_out             text,
    vessel_out           text,
    gross_weight_kg      double precision,
    reefer_setpoint_degc double precision,
    reefer_cargo         text,
    un_numbers           text[],
    imdg_classes         text[],
    appointment          text,
    expected_at          timestamptz,
    payload              jsonb NOT NULL,
    received_at          timestamptz NOT NULL,
    announced_at         timestamptz NOT NULL,
    PRIMARY KEY (terminal, container_id)
);
-- With a short list of pending entries: each search reads it from end to end.
CREATE INDEX container_announcement_search ON container_announcement USING gin (container_id gin_trgm_ops)
    WITH (gin_pending_list_limit = 256);

CREATE VIEW v_container_announcement AS
SELECT terminal, container_id, iso_code, category, empty_indicator, line, call_in, vessel_in, call_out, vessel_out,
       gross_weight_kg, reefer_setpoint_degc, reefer_cargo, un_numbers, imdg_classes, appointment, expected_at,
       announced_at, received_at, payload
FROM container_announcement;

-- Fed by announcements alone for now: a box is announced until something is known of where it is.
CREATE VIEW v_container AS
SELECT terminal, container_id, iso_code, 'announced'::text AS state, NULL::text AS place, announced_at AS since,
       false AS conflict
FROM container_announcement;
