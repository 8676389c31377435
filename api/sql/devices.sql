-- Columns stand in the order of the fields in api/answers.py.

-- name: ready
SELECT EXISTS (SELECT FROM device), EXISTS (SELECT FROM device_count);

-- name: terminals
SELECT d.terminal, count(*), max(n.last_received_at)
FROM device d
LEFT JOIN device_count n USING (device_id)
GROUP BY d.terminal
ORDER BY d.terminal;

-- name: devices
-- $1 terminal or null, $2 stream or null
SELECT d.terminal, d.stream, d.device, d.type, s.online, d.first_seen, n.last_time, n.last_received_at,
       coalesce(n.samples_received, 0) AS received, coalesce(n.stored, 0) AS stored,
       coalesce(n.duplicate, 0) AS duplicate, coalesce(n.late, 0) AS late,
       coalesce(n.out_of_range, 0) AS out_of_range, coalesce(n.unknown_keys, 0) AS unknown_keys,
       coalesce(n.quarantined, 0) AS quarantined, coalesce(n.seq_gaps, 0) AS seq_gaps,
       c.out_of_range AS out_of_range_by_signal, c.quarantined AS quarantined_by_reason
FROM device d
LEFT JOIN device_status s USING (device_id)
LEFT JOIN device_count n USING (device_id)
LEFT JOIN (
    SELECT device_id, jsonb_object_agg(cause, count) FILTER (WHERE fate = 'out_of_range') AS out_of_range,
           jsonb_object_agg(cause, count) FILTER (WHERE fate = 'quarantined') AS quarantined
    FROM device_cause_count GROUP BY device_id
) c USING (device_id)
WHERE ($1::text IS NULL OR d.terminal = $1) AND ($2::text IS NULL OR d.stream = $2)
ORDER BY d.terminal, d.stream, d.device;
