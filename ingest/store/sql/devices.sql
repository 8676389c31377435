-- name: register
INSERT INTO device (terminal, stream, device, type)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
ON CONFLICT (terminal, stream, device) DO UPDATE SET device = excluded.device
RETURNING device_id, terminal, stream, device, type, NULL::bigint AS first_us;

-- name: set_type
UPDATE device d SET type = $2 WHERE device_id = $1
RETURNING device_id, terminal, stream, device, type,
       (extract(epoch FROM (SELECT time FROM crane_telemetry c WHERE c.device_id = d.device_id
                            ORDER BY time LIMIT 1)) * 1000000)::bigint AS first_us;
