-- name: event_times
-- Of each device of a stream the newest sample that was ahead of all before it: as late as it was received, at most.
SELECT d.terminal, max(least(t.time, t.received_at)) FROM device d
CROSS JOIN LATERAL (
    SELECT time, received_at FROM {table} s WHERE s.device_id = d.device_id ORDER BY time DESC, seq DESC LIMIT 1
) t
WHERE d.stream = $1 GROUP BY d.terminal;

-- name: first
-- When the first transaction, or visit, of a terminal, $1, began within a span.
SELECT min(time) FROM (
    SELECT g.entered_at AS time FROM gate_transaction g JOIN device d USING (device_id)
    WHERE d.terminal = $1 AND g.entered_at BETWEEN $2 AND $3
    UNION ALL
    SELECT arrived_at FROM truck_visit WHERE terminal = $1 AND arrived_at BETWEEN $2 AND $3
) began;

-- name: mark
INSERT INTO recompute_visits AS r (terminal, first, last) VALUES ($1, $2, $3)
ON CONFLICT (terminal) DO UPDATE SET first = least(r.first, excluded.first), last = greatest(r.last, excluded.last);

-- name: next
SELECT terminal, first, last, xmin::text AS version FROM recompute_visits ORDER BY first, terminal LIMIT 1;
