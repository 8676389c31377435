-- The newest sample per device. The bound on time keeps the look-up in one or two chunks a device; a device that is
-- silent for longer is looked up by `…_latest_of`, without the bound, so that its last words are shown too.

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

-- name: crane_latest
-- $1 terminal or null, $2 oldest time
SELECT d.terminal, d.device, t.*
FROM device d
CROSS JOIN LATERAL (
    SELECT * FROM crane_telemetry c
    WHERE c.device_id = d.device_id AND c.time > $2
    ORDER BY c.time DESC, c.seq DESC
    LIMIT 1
) t
WHERE d.stream = 'crane' AND ($1::text IS NULL OR d.terminal = $1);

-- name: gate_latest
-- $1 terminal or null, $2 oldest time
SELECT d.terminal, d.device, t.*
FROM device d
CROSS JOIN LATERAL (
    SELECT * FROM gate_event g
    WHERE g.device_id = d.device_id AND g.time > $2
    ORDER BY g.time DESC, g.seq DESC
    LIMIT 1
) t
WHERE d.stream = 'gate' AND ($1::text IS NULL OR d.terminal = $1);

-- name: reefer_latest
-- $1 terminal or null, $2 oldest time
SELECT d.terminal, d.device, t.*
FROM device d
CROSS JOIN LATERAL (
    SELECT * FROM reefer_telemetry r
    WHERE r.device_id = d.device_id AND r.time > $2
    ORDER BY r.time DESC, r.seq DESC
    LIMIT 1
) t
WHERE d.stream = 'reefer' AND ($1::text IS NULL OR d.terminal = $1);

-- name: crane_latest_of
-- $1 device ids
SELECT d.terminal, d.device, t.*
FROM device d
CROSS JOIN LATERAL (
    SELECT * FROM crane_telemetry c
    WHERE c.device_id = d.device_id
    ORDER BY c.time DESC, c.seq DESC
    LIMIT 1
) t
WHERE d.device_id = ANY ($1::int[]);

-- name: gate_latest_of
-- $1 device ids
SELECT d.terminal, d.device, t.*
FROM device d
CROSS JOIN LATERAL (
    SELECT * FROM gate_event g
    WHERE g.device_id = d.device_id
    ORDER BY g.time DESC, g.seq DESC
    LIMIT 1
) t
WHERE d.device_id = ANY ($1::int[]);

-- name: reefer_latest_of
-- $1 device ids
SELECT d.terminal, d.device, t.*
FROM device d
CROSS JOIN LATERAL (
    SELECT * FROM reefer_telemetry r
    WHERE r.device_id = d.device_id
    ORDER BY r.time DESC, r.seq DESC
    LIMIT 1
) t
WHERE d.device_id = ANY ($1::int[]);
