-- Crane moves with their cycle, stops with their cause, edits of causes; the boom's signal.
-- depends: 0005_causes

ALTER TABLE crane_telemetry ADD COLUMN boom_down boolean;

ALTER TABLE crane_move
    ADD COLUMN began_at       timestamptz,       -- end of the move before
    ADD COLUMN energy_kwh     double precision,
    ADD COLUMN waited_empty_s double precision,
    ADD COLUMN waited_laden_s double precision,
    ADD COLUMN confidence     double precision NOT NULL DEFAULT 1;

CREATE TABLE crane_delay (
    device_id integer NOT NULL,
    began_at  timestamptz NOT NULL,
    ended_at  timestamptz,
    cause     text NOT NULL,
    PRIMARY KEY (device_id, began_at)
);
CREATE INDEX crane_delay_ended_at ON crane_delay (ended_at DESC);

-- What people say of a stop; the newest row counts, the others stay. Kept apart: stops are made again from samples.
CREATE TABLE crane_delay_edit (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device_id integer NOT NULL,
    began_at  timestamptz NOT NULL,
    cause     text NOT NULL,
    remark    text NOT NULL,
    edited_by text NOT NULL,
    edited_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX crane_delay_edit_delay ON crane_delay_edit (device_id, began_at, id DESC);

CREATE OR REPLACE VIEW v_crane AS
SELECT d.terminal, d.device, t.time, t.seq, t.received_at,
       t.hoist_height_m, t.trolley_position_m, t.gantry_position_m, t.load_t,
       t.twistlock_locked, t.twistlock_unlocked, t.landed, t.spreader_size_ft, t.twin,
       t.wind_speed_mps, t.power_kw, t.energy_kwh, t.state, t.logged_on, t.move_count,
       t.container_ids, t.boot, t.extra, t.device_id, t.boom_down
FROM crane_telemetry t JOIN device d USING (device_id);

CREATE OR REPLACE VIEW v_crane_move AS
SELECT d.terminal, d.device, m.locked_at, m.lifted_at, m.landed_at, m.unlocked_at, m.kind, m.boxes, m.teu,
       m.inferred, m.from_trolley_m, m.to_trolley_m, m.gantry_m, m.peak_load_t, m.size_ft, m.twin,
       m.container_ids, d.type, m.device_id, m.began_at, m.energy_kwh, m.waited_empty_s, m.waited_laden_s, m.confidence
FROM crane_move m JOIN device d USING (device_id);

CREATE VIEW v_crane_delay AS
SELECT d.terminal, d.device, c.began_at, c.ended_at, coalesce(e.cause, c.cause) AS cause, c.cause AS found_cause,
       e.remark, e.edited_by, e.edited_at, d.type, c.device_id
FROM crane_delay c JOIN device d USING (device_id)
LEFT JOIN LATERAL (
    SELECT cause, remark, edited_by, edited_at FROM crane_delay_edit x
    WHERE x.device_id = c.device_id AND x.began_at = c.began_at ORDER BY id DESC LIMIT 1
) e ON true;
