-- name: moves
SELECT device_id, began_at, locked_at, lifted_at, landed_at, unlocked_at, kind, boxes, teu, from_trolley_m,
       to_trolley_m, gantry_m, peak_load_t, size_ft, twin, coalesce(container_ids, '{}') AS container_ids, energy_kwh,
       waited_empty_s, waited_laden_s, inferred, confidence
FROM crane_move WHERE device_id = ANY($1::int[]) AND locked_at >= $2 AND locked_at < $3;

-- name: moves_unlocked
SELECT device_id, began_at, locked_at, lifted_at, landed_at, unlocked_at, kind, boxes, teu, from_trolley_m,
       to_trolley_m, gantry_m, peak_load_t, size_ft, twin, coalesce(container_ids, '{}') AS container_ids, energy_kwh,
       waited_empty_s, waited_laden_s, inferred, confidence
FROM crane_move WHERE device_id = ANY($1::int[]) AND unlocked_at > $2 AND unlocked_at <= $3;

-- name: delays
SELECT device_id, began_at, ended_at, cause
FROM crane_delay WHERE device_id = ANY($1::int[]) AND began_at >= $2 AND began_at < $3;

-- name: delays_held
SELECT device_id, began_at, ended_at, cause
FROM crane_delay WHERE device_id = ANY($1::int[]) AND (ended_at IS NULL OR ended_at > $2) AND began_at <= $3;

-- name: transactions
SELECT device_id, entered_at, opened_at, left_at, direction, visit, plate, trouble, container_ids, gross_weight_kg
FROM gate_transaction WHERE device_id = ANY($1::int[]) AND entered_at >= $2 AND entered_at < $3;

-- name: excursions
SELECT device_id, probe, began_at, ended_at, container_id, setpoint_degc, worst_degc
FROM reefer_excursion WHERE device_id = ANY($1::int[]) AND began_at >= $2 AND began_at < $3;

-- name: excursions_open
SELECT device_id, probe, began_at, ended_at, container_id, setpoint_degc, worst_degc
FROM reefer_excursion WHERE device_id = ANY($1::int[]) AND (ended_at IS NULL OR ended_at > $2) AND began_at <= $3;

-- name: levels
SELECT device_id, name, time, value FROM device_level
WHERE device_id = ANY($1::int[]) AND time >= $2 AND time < $3;

-- name: levels_held
-- With the last one before, which still held.
SELECT device_id, name, time, value FROM device_level
WHERE device_id = ANY($1::int[]) AND time > $2 AND time <= $3
UNION ALL
SELECT * FROM (
    SELECT DISTINCT ON (device_id, name) device_id, name, time, value FROM device_level
    WHERE device_id = ANY($1::int[]) AND time <= $2 ORDER BY device_id, name, time DESC
) before;

-- name: visits
SELECT terminal, visit, plate, entered_at, left_at, lane_in, lane_out FROM truck_visit
WHERE terminal = ANY($1::text[]) AND coalesce(left_at, entered_at) > $2 AND least(entered_at, left_at) <= $3;

-- name: visit
SELECT terminal, visit, plate, entered_at, left_at, lane_in, lane_out FROM truck_visit
WHERE terminal = $1 AND visit = $2;

-- name: calls
-- A call lasts from its first time to its last line; while that is not told, for 96 hours.
SELECT c.terminal, c.call_id, c.vessel, c.berth, c.first_line_at, c.all_fast_at, c.last_line_at,
       c.planned_completion_at, c.planned_discharge, c.planned_load, c.planned_shift,
       coalesce(a.crane, '{}') AS crane, coalesce(a.from_at, '{}') AS from_at, coalesce(a.until_at, '{}') AS until_at
FROM vessel_call c
LEFT JOIN LATERAL (
    SELECT array_agg(crane ORDER BY from_at, crane) AS crane, array_agg(from_at ORDER BY from_at, crane) AS from_at,
           array_agg(until_at ORDER BY from_at, crane) AS until_at, min(from_at) AS first_at
    FROM call_assignment x WHERE x.terminal = c.terminal AND x.call_id = c.call_id
) a ON true
CROSS JOIN LATERAL (SELECT coalesce(least(first_line_at, all_fast_at, first_at), received_at) AS begin_at) b
WHERE ($1::text[] IS NULL OR c.terminal = ANY($1)) AND ($3::timestamptz IS NULL OR begin_at <= $3)
  AND greatest(begin_at, coalesce(last_line_at, begin_at + interval '96 hours')) >= $2
ORDER BY begin_at, c.terminal, c.call_id;

-- name: edits
SELECT DISTINCT ON (device_id, began_at) device_id, began_at, cause FROM crane_delay_edit
WHERE device_id = ANY($1::int[]) AND began_at >= $2 ORDER BY device_id, began_at, id DESC;

-- name: listed
SELECT call_id, lines AS boxes FROM tos_import WHERE terminal = $1;
