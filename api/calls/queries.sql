-- Fields as infra/history.py reads a call, and when it was announced last.

-- name: calls
-- $1 terminal or null, $2 from, $3 to, $4 limit; those that last at some time of the span: up to the last line, without
-- one for 96 hours
SELECT c.terminal, c.call_id, c.vessel, c.berth, c.first_line_at, c.all_fast_at, c.last_line_at,
       c.planned_completion_at, c.planned_discharge, c.planned_load, c.planned_shift,
       coalesce(a.crane, '{}') AS crane, coalesce(a.from_at, '{}') AS from_at, coalesce(a.until_at, '{}') AS until_at,
       c.received_at, c.payload::text AS payload
FROM vessel_call c
LEFT JOIN LATERAL (
    SELECT array_agg(crane ORDER BY from_at, crane) AS crane, array_agg(from_at ORDER BY from_at, crane) AS from_at,
           array_agg(until_at ORDER BY from_at, crane) AS until_at, min(from_at) AS first_at
    FROM call_assignment x WHERE x.terminal = c.terminal AND x.call_id = c.call_id
) a ON true
CROSS JOIN LATERAL (SELECT coalesce(least(first_line_at, all_fast_at, first_at), received_at) AS begin_at) b
WHERE ($1::text IS NULL OR c.terminal = $1) AND begin_at < $3
  AND greatest(begin_at, coalesce(last_line_at, begin_at + interval '96 hours')) >= $2
ORDER BY begin_at DESC, c.terminal, c.call_id
LIMIT $4;

-- name: call
-- $1 terminal, $2 call id
SELECT c.terminal, c.call_id, c.vessel, c.berth, c.first_line_at, c.all_fast_at, c.last_line_at,
       c.planned_completion_at, c.planned_discharge, c.planned_load, c.planned_shift,
       coalesce(a.crane, '{}') AS crane, coalesce(a.from_at, '{}') AS from_at, coalesce(a.until_at, '{}') AS until_at,
       c.received_at, c.payload::text AS payload
FROM vessel_call c
LEFT JOIN LATERAL (
    SELECT array_agg(crane ORDER BY from_at, crane) AS crane, array_agg(from_at ORDER BY from_at, crane) AS from_at,
           array_agg(until_at ORDER BY from_at, crane) AS until_at
    FROM call_assignment x WHERE x.terminal = c.terminal AND x.call_id = c.call_id
) a ON true
WHERE c.terminal = $1 AND c.call_id = $2;

-- name: call_is
-- $1 terminal, $2 call id, $3 payload
SELECT 1 FROM vessel_call WHERE terminal = $1 AND call_id = $2 AND payload = $3::jsonb;

-- name: cranes_seen
-- $1 terminal or null
SELECT terminal, device FROM device WHERE stream = 'crane' AND ($1::text IS NULL OR terminal = $1);
