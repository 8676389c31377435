-- name: register
-- Of the type that its account was made with, else the one that its name suggests.
INSERT INTO device (terminal, stream, device, type)
SELECT terminal, stream, device, coalesce(a.type, n.type)
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS n (terminal, stream, device, type)
LEFT JOIN device_account a USING (terminal, stream, device)
ON CONFLICT (terminal, stream, device) DO UPDATE SET device = excluded.device
RETURNING device_id, terminal, stream, device, type, NULL::bigint AS first_us;
