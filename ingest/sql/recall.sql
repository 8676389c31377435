-- name: watermarks
SELECT d.device_id, (extract(epoch FROM t.time) * 1000000)::bigint AS time_us, t.seq
FROM device d
CROSS JOIN LATERAL (
    SELECT time, seq FROM {table} s WHERE s.device_id = d.device_id ORDER BY time DESC, seq DESC LIMIT 1
) t
WHERE d.stream = $1;

-- name: crane_starts
-- Where to read a crane from: its last delivery leaves it empty.
SELECT d.device_id, (extract(epoch FROM max(m.unlocked_at)) * 1000000)::bigint AS from_us
FROM device d LEFT JOIN crane_move m USING (device_id)
WHERE d.stream = 'crane' GROUP BY d.device_id;

-- name: crane_raw
SELECT device_id, time, seq, twistlock_locked, twistlock_unlocked, landed, load_t, hoist_height_m,
       trolley_position_m, gantry_position_m, spreader_size_ft, twin, logged_on
FROM crane_telemetry WHERE device_id = $1 AND time >= $2 ORDER BY time, seq;

-- name: crane_known
-- What the crane said last before a time, each signal on its own.
SELECT count(*) AS samples,
       last(twistlock_locked, time) FILTER (WHERE twistlock_locked IS NOT NULL) AS twistlock_locked,
       last(twistlock_unlocked, time) FILTER (WHERE twistlock_unlocked IS NOT NULL) AS twistlock_unlocked,
       last(landed, time) FILTER (WHERE landed IS NOT NULL) AS landed,
       last(load_t, time) FILTER (WHERE load_t IS NOT NULL) AS load_t,
       last(hoist_height_m, time) FILTER (WHERE hoist_height_m IS NOT NULL) AS hoist_height_m,
       last(trolley_position_m, time) FILTER (WHERE trolley_position_m IS NOT NULL) AS trolley_position_m,
       last(gantry_position_m, time) FILTER (WHERE gantry_position_m IS NOT NULL) AS gantry_position_m,
       last(spreader_size_ft, time) FILTER (WHERE spreader_size_ft IS NOT NULL) AS spreader_size_ft,
       last(twin, time) FILTER (WHERE twin IS NOT NULL) AS twin,
       last(logged_on, time) FILTER (WHERE logged_on IS NOT NULL) AS logged_on
FROM crane_telemetry WHERE device_id = $1 AND time >= $2 AND time < $3;

-- name: gate_raw
SELECT device_id, time, seq, event, direction, visit_id, plate, container_ids, gross_weight_kg, queue_length
FROM gate_event WHERE time >= $1 ORDER BY device_id, time, seq;

-- name: reefer_raw
SELECT device_id, time, seq, container_id, setpoint_degc, supply_degc, return_degc, plugged, powered, mode
FROM reefer_telemetry WHERE time >= $1 ORDER BY device_id, time, seq;

-- name: moves
SELECT device_id, locked_at, lifted_at, landed_at, unlocked_at, kind, boxes, teu, from_trolley_m, to_trolley_m,
       gantry_m, peak_load_t, size_ft, twin, inferred
FROM crane_move WHERE unlocked_at >= $1;

-- name: visits
SELECT terminal, visit, plate, entered_at, left_at, lane_in, lane_out
FROM truck_visit WHERE coalesce(left_at, entered_at) >= $1;

-- name: excursions
SELECT device_id, probe, began_at, ended_at, container_id, setpoint_degc, worst_degc
FROM reefer_excursion WHERE ended_at IS NULL OR ended_at >= $1;

-- name: logged_on
SELECT time, logged_on FROM (
    SELECT time, logged_on, lag(logged_on) OVER (ORDER BY time, seq) AS before
    FROM crane_telemetry WHERE device_id = $1 AND time >= $2 AND logged_on IS NOT NULL
) s WHERE before IS DISTINCT FROM logged_on ORDER BY time;

-- name: last_minute
SELECT terminal, (extract(epoch FROM max(time)) * 1000000)::bigint AS minute_us FROM kpi_sample
WHERE time > now() - interval '7 days' GROUP BY terminal;
