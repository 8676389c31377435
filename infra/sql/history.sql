-- name: call_columns
-- A call as `history.vessel_call` reads it.
c.terminal, c.call_id, c.vessel, c.berth, c.first_line_at, c.all_fast_at, c.last_line_at,
       c.planned_completion_at, c.planned_discharge, c.planned_load, c.planned_shift,
       coalesce(a.crane, '{}') AS crane, coalesce(a.from_at, '{}') AS from_at, coalesce(a.until_at, '{}') AS until_at

-- name: call_rows
-- Calls with their assignments and when they begin.
vessel_call c
LEFT JOIN LATERAL (
    SELECT array_agg(crane ORDER BY from_at, crane) AS crane, array_agg(from_at ORDER BY from_at, crane) AS from_at,
           array_agg(until_at ORDER BY from_at, crane) AS until_at, min(from_at) AS first_at
    FROM call_assignment x WHERE x.terminal = c.terminal AND x.call_id = c.call_id
) a ON true
CROSS JOIN LATERAL (SELECT coalesce(least(first_line_at, all_fast_at, first_at), received_at) AS begin_at) b

-- name: calls
-- A call lasts from its first time to its last line; while that is not known, for 96 hours.
SELECT {call_columns}
FROM {call_rows}
WHERE ($1::text[] IS NULL OR c.terminal = ANY($1)) AND ($3::timestamptz IS NULL OR begin_at <= $3)
  AND greatest(begin_at, coalesce(last_line_at, begin_at + interval '96 hours')) >= $2
ORDER BY begin_at, c.terminal, c.call_id;

-- name: edits
SELECT DISTINCT ON (device_id, began_at) device_id, began_at, cause FROM crane_delay_edit
WHERE device_id = ANY($1::int[]) AND began_at >= $2 ORDER BY device_id, began_at, id DESC;

-- name: listed
SELECT call_id, lines AS boxes FROM tos_import WHERE terminal = $1;
