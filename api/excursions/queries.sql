-- Columns stand in the order of the fields of the answer.

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
