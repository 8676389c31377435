-- Tandem lifts: the second spreader of a headblock.
-- depends: 0013_partial_lock

ALTER TABLE crane_telemetry
    ADD COLUMN tandem             boolean,
    ADD COLUMN spreader2_locked   boolean,
    ADD COLUMN spreader2_unlocked boolean;

CREATE OR REPLACE VIEW v_crane AS
SELECT d.terminal, d.device, t.time, t.seq, t.received_at,
       t.hoist_height_m, t.trolley_position_m, t.gantry_position_m, t.load_t,
       t.twistlock_locked, t.twistlock_unlocked, t.landed, t.spreader_size_ft, t.twin,
       t.wind_speed_mps, t.power_kw, t.energy_kwh, t.state, t.logged_on, t.move_count,
       t.container_ids, t.boot, t.extra, t.device_id, t.boom_down, t.tandem, t.spreader2_locked, t.spreader2_unlocked
FROM crane_telemetry t JOIN device d USING (device_id);
