-- name: register
INSERT INTO device (terminal, stream, device, type)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
ON CONFLICT (terminal, stream, device) DO UPDATE SET device = excluded.device
RETURNING device_id, terminal, stream, device, type, NULL::bigint AS first_us;
