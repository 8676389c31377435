-- Columns of visits and of container events: `visit`, `events`; api/visits/service.py fills them in.

-- name: visit
-- The visit of a truck that came into a lane, $2, of a terminal, $1, within the millisecond of $3: inbound or outbound.
SELECT {visit} FROM truck_visit
WHERE terminal = $1 AND lane = $2 AND arrived_at >= $3 AND arrived_at < $3::timestamptz + interval '1 millisecond'
UNION ALL
SELECT {visit} FROM truck_visit
WHERE terminal = $1 AND lane_out = $2 AND lane_in IS NOT NULL AND (arrived_at, left_at) IN (
    SELECT v.arrived_at, v.left_at FROM device d
    JOIN gate_transaction g ON g.device_id = d.device_id AND g.entered_at >= $3
         AND g.entered_at < $3::timestamptz + interval '1 millisecond'
    JOIN truck_visit v ON v.terminal = $1 AND v.lane_out = $2
         AND v.left_at = CASE WHEN g.reason = 'exit_unseen' THEN g.opened_at ELSE g.left_at END
         AND v.arrived_at BETWEEN $3::timestamptz - interval '25 hours' AND $3
    WHERE d.terminal = $1 AND d.stream = 'gate' AND d.device = $2
)
LIMIT 1;

-- name: out_lane
-- When a truck came into the outbound lane, $2, that it left at $3.
SELECT max(g.entered_at) FROM device d JOIN gate_transaction g USING (device_id)
WHERE d.terminal = $1 AND d.stream = 'gate' AND d.device = $2
  AND g.entered_at BETWEEN $3::timestamptz - interval '25 hours' AND $3
  AND CASE WHEN g.reason = 'exit_unseen' THEN g.opened_at ELSE g.left_at END = $3;

-- name: events
-- What happened to the boxes of a visit: $1 terminal; $2 inbound lane and $3 when it came into that, $4 outbound lane
-- and $5 the same; $6 when it was through the one, $7 through the other.
WITH box AS (
    SELECT DISTINCT container_id FROM container_event
    WHERE terminal = $1 AND source = 'gate_transaction' AND check_ok AND fact_at IN ($3, $5)
      AND (device, event, fact_at) IN (($2, 'gate_in', $3), ($4, 'gate_out', $5))
)
SELECT {events} FROM container_event JOIN box USING (container_id)
WHERE terminal = $1 AND time BETWEEN $6 AND $7
ORDER BY time;
