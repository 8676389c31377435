-- name: load
-- Of one terminal, or of all.
SELECT d.device_id, d.terminal, d.stream, d.device, d.type,
       (extract(epoch FROM CASE d.stream
           WHEN 'crane' THEN (SELECT time FROM crane_telemetry s WHERE s.device_id = d.device_id ORDER BY time LIMIT 1)
           WHEN 'gate' THEN (SELECT time FROM gate_event s WHERE s.device_id = d.device_id ORDER BY time LIMIT 1)
       END) * 1000000)::bigint AS first_us
FROM device d
WHERE $1::text IS NULL OR d.terminal = $1;
