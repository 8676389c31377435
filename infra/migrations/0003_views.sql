-- Names instead of ids, for people who write SQL and for Grafana.
-- depends: 0002_facts

CREATE VIEW v_crane AS
SELECT d.terminal, d.device, t.time, t.seq, t.received_at,
       t.hoist_height_m, t.trolley_position_m, t.gantry_position_m, t.load_t,
       t.twistlock_locked, t.twistlock_unlocked, t.landed, t.spreader_size_ft, t.twin,
       t.wind_speed_mps, t.power_kw, t.energy_kwh, t.state, t.logged_on, t.move_count,
       t.container_ids, t.boot, t.extra, t.device_id
FROM crane_telemetry t JOIN device d USING (device_id);

CREATE VIEW v_gate AS
SELECT d.terminal, d.device, t.time, t.seq, t.received_at,
       t.event, t.direction, t.visit_id, t.plate, t.container_ids, t.iso_codes, t.confidence,
       t.gross_weight_kg, t.appointment_id, t.queue_length, t.boot, t.extra, t.device_id
FROM gate_event t JOIN device d USING (device_id);

CREATE VIEW v_reefer AS
SELECT d.terminal, d.device, t.time, t.seq, t.received_at,
       t.container_id, t.setpoint_degc, t.supply_degc, t.return_degc, t.ambient_degc,
       t.usda1_degc, t.usda2_degc, t.usda3_degc, t.cargo_degc, t.humidity_pct, t.o2_pct, t.co2_pct,
       t.plugged, t.powered, t.compressor_on, t.mode, t.power_kw, t.alarms, t.boot, t.extra, t.device_id
FROM reefer_telemetry t JOIN device d USING (device_id);

CREATE VIEW v_crane_move AS
SELECT d.terminal, d.device, m.locked_at, m.lifted_at, m.landed_at, m.unlocked_at, m.kind, m.boxes, m.teu,
       m.inferred, m.from_trolley_m, m.to_trolley_m, m.gantry_m, m.peak_load_t, m.size_ft, m.twin,
       m.container_ids, d.type, m.device_id
FROM crane_move m JOIN device d USING (device_id);

CREATE VIEW v_gate_transaction AS
SELECT d.terminal, d.device, g.entered_at, g.opened_at, g.left_at, g.direction, g.visit, g.plate, g.trouble,
       g.container_ids, g.gross_weight_kg, g.device_id
FROM gate_transaction g JOIN device d USING (device_id);

CREATE VIEW v_truck_visit AS
SELECT terminal, visit, plate, entered_at, left_at, lane_in, lane_out FROM truck_visit;

CREATE VIEW v_reefer_excursion AS
SELECT d.terminal, d.device, e.container_id, e.probe, e.began_at, e.ended_at, e.setpoint_degc, e.worst_degc,
       e.device_id
FROM reefer_excursion e JOIN device d USING (device_id);

CREATE VIEW v_kpi AS
SELECT time, terminal, kpi, subject, "window", value FROM kpi_sample;

CREATE VIEW v_quarantine AS
SELECT received_at, topic, payload, reason, detail, terminal, stream, device, id FROM quarantine;
