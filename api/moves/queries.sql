-- Columns stand in the order of the fields of the answer.

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
