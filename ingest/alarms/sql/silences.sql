-- name: silent
-- Devices of a terminal $1 and stream $2 that have sent nothing since $3.
SELECT c.device_id, c.last_time FROM device_count c JOIN device d USING (device_id)
WHERE d.terminal = $1 AND d.stream = $2 AND c.last_time <= $3;

-- name: next
-- The last sample of the one that comes next.
SELECT min(c.last_time) FROM device_count c JOIN device d USING (device_id)
WHERE d.terminal = $1 AND d.stream = $2 AND c.last_time > $3;
