-- name: silent
-- Devices of a terminal $1 and stream $2 that have sent nothing since $3.
SELECT c.device_id, c.last_time FROM device_count c JOIN device d USING (device_id)
WHERE d.terminal = $1 AND d.stream = $2 AND c.last_time <= $3;

-- name: next
-- The last sample of the one that comes next.
SELECT min(c.last_time) FROM device_count c JOIN device d USING (device_id)
WHERE d.terminal = $1 AND d.stream = $2 AND c.last_time > $3;

-- name: alarmed
-- Devices of a terminal $1 with an active alarm, one of $2, and since when: an alarm has all that it is about as members.
SELECT unnest(members) AS device, min(began_at) AS began_at FROM alarm
WHERE terminal = $1 AND alarm = ANY($2::text[]) AND cleared_at IS NULL GROUP BY 1;
