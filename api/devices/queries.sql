-- Columns of `devices` stand in the order of the fields of the answer.

-- name: devices
-- $1 terminal or null, $2 stream or null
SELECT d.terminal, d.stream, d.device, d.type, s.online, d.first_seen, n.last_time, n.last_received_at,
       coalesce(n.samples_received, 0) AS received, coalesce(n.stored, 0) AS stored,
       coalesce(n.duplicate, 0) AS duplicate, coalesce(n.late, 0) AS late,
       coalesce(n.out_of_range, 0) AS out_of_range, coalesce(n.unknown_keys, 0) AS unknown_keys,
       coalesce(n.quarantined, 0) AS quarantined, coalesce(n.seq_gaps, 0) AS seq_gaps,
       c.out_of_range AS out_of_range_by_signal, c.contradictory AS contradictory_by_signals,
       c.conflict AS conflicts_by_signal,
       c.quarantined AS quarantined_by_reason
FROM device d
LEFT JOIN device_status s USING (device_id)
LEFT JOIN device_count n USING (device_id)
LEFT JOIN (
    SELECT device_id, jsonb_object_agg(cause, count) FILTER (WHERE fate = 'out_of_range') AS out_of_range,
           jsonb_object_agg(cause, count) FILTER (WHERE fate = 'contradictory') AS contradictory,
           jsonb_object_agg(cause, count) FILTER (WHERE fate = 'conflict') AS conflict,
           jsonb_object_agg(cause, count) FILTER (WHERE fate = 'quarantined') AS quarantined
    FROM device_cause_count GROUP BY device_id
) c USING (device_id)
WHERE ($1::text IS NULL OR d.terminal = $1) AND ($2::text IS NULL OR d.stream = $2)
ORDER BY d.terminal, d.stream, d.device;

-- name: silent_devices
-- $1 terminal or null, $2 stream or null, $3 time: devices whose newest sample is older
SELECT d.device_id, d.stream
FROM device d
JOIN device_count n USING (device_id)
WHERE ($1::text IS NULL OR d.terminal = $1) AND ($2::text IS NULL OR d.stream = $2)
  AND n.stored > 0 AND n.last_time <= $3;

-- name: device_id
-- $1 terminal, $2 stream, $3 device
SELECT device_id FROM device WHERE terminal = $1 AND stream = $2 AND device = $3;

-- The newest sample of each device of a stream. Each stream has a table of its own: {table} is its name.

-- name: latest
-- $1 terminal or null, $2 stream, $3 oldest time; the bound on time keeps the look-up in one or two chunks a device
SELECT d.terminal, d.device, t.*
FROM device d
CROSS JOIN LATERAL (
    SELECT * FROM {table} s
    WHERE s.device_id = d.device_id AND s.time > $3
    ORDER BY s.time DESC, s.seq DESC
    LIMIT 1
) t
WHERE d.stream = $2 AND ($1::text IS NULL OR d.terminal = $1);

-- name: latest_of
-- $1 device ids; without the bound, so that the last samples of silent devices are found too
SELECT d.terminal, d.device, t.*
FROM device d
CROSS JOIN LATERAL (
    SELECT * FROM {table} s
    WHERE s.device_id = d.device_id
    ORDER BY s.time DESC, s.seq DESC
    LIMIT 1
) t
WHERE d.device_id = ANY ($1::int[]);
