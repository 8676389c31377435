-- Columns stand in the order of the fields of the answer.

-- name: visits
-- $1 terminal or null, $2 from, $3 to, $4 limit; a truck inside counts at the time it entered
SELECT terminal, visit, plate, entered_at, left_at
FROM v_truck_visit
WHERE ($1::text IS NULL OR terminal = $1)
  AND (left_at >= $2 AND left_at < $3 OR left_at IS NULL AND entered_at >= $2 AND entered_at < $3)
ORDER BY coalesce(left_at, entered_at) DESC, terminal, visit
LIMIT $4;
