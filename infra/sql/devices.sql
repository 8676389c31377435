-- name: load
-- Of one terminal, or of all.
SELECT d.device_id, d.terminal, d.stream, d.device, d.type, {first_us}
FROM device d
WHERE $1::text IS NULL OR d.terminal = $1;

-- name: set_type
UPDATE device d SET type = $2 WHERE device_id = $1
RETURNING d.device_id, d.terminal, d.stream, d.device, d.type, {first_us};

-- name: first_us
-- Time of the first sample, in streams of which it is read.
(extract(epoch FROM CASE d.stream {cases} END) * 1000000)::bigint AS first_us

-- name: case
WHEN '{stream}' THEN (SELECT time FROM {table} s WHERE s.device_id = d.device_id ORDER BY time LIMIT 1)
