-- Columns stand in the order of the fields in api/answers.py.

-- name: moves
-- $1 terminal or null, $2 device or null, $3 from, $4 to, $5 limit
SELECT terminal, device, began_at, locked_at, lifted_at, landed_at, unlocked_at, kind, boxes, teu, inferred, confidence,
       from_trolley_m, to_trolley_m, gantry_m, peak_load_t, size_ft, twin, coalesce(container_ids, '{}') AS container_ids,
       energy_kwh, waited_empty_s, waited_laden_s
FROM v_crane_move
WHERE ($1::text IS NULL OR terminal = $1) AND ($2::text IS NULL OR device = $2)
  AND unlocked_at >= $3 AND unlocked_at < $4
ORDER BY unlocked_at DESC, terminal, device
LIMIT $5;

-- name: visits
-- $1 terminal or null, $2 from, $3 to, $4 limit; a truck inside counts at the time it entered
SELECT terminal, visit, plate, entered_at, left_at
FROM v_truck_visit
WHERE ($1::text IS NULL OR terminal = $1)
  AND (left_at >= $2 AND left_at < $3 OR left_at IS NULL AND entered_at >= $2 AND entered_at < $3)
ORDER BY coalesce(left_at, entered_at) DESC, terminal, visit
LIMIT $4;

-- name: excursions
-- $1 terminal or null, $2 device or null, $3 from, $4 to, $5 limit; every one that touches the span, unless it
-- began more than 30 days before it: the bound saves reading the whole history each second
SELECT terminal, device, container_id, probe, began_at, ended_at, setpoint_degc, worst_degc
FROM v_reefer_excursion
WHERE ($1::text IS NULL OR terminal = $1) AND ($2::text IS NULL OR device = $2)
  AND began_at >= $3::timestamptz - interval '30 days' AND began_at < $4
  AND (ended_at IS NULL OR ended_at >= $3)
ORDER BY began_at DESC, terminal, device, probe
LIMIT $5;
