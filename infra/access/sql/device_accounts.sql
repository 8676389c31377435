-- name: add
-- $1 terminal, $2 stream, $3 device, $4 client id, $5 type or null, $6 owner or null. No row: it has an account.
INSERT INTO device_account AS a (terminal, stream, device, client_id, type, owner)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (terminal, stream, device) DO UPDATE SET
    client_id = excluded.client_id, type = coalesce(excluded.type, a.type), owner = coalesce(excluded.owner, a.owner),
    added_at = now(), revoked_at = NULL
WHERE a.revoked_at IS NOT NULL
RETURNING client_id;

-- name: lock
-- $1 terminal, $2 stream, $3 device. No row: it has no account, or a revoked one.
SELECT client_id FROM device_account
WHERE terminal = $1 AND stream = $2 AND device = $3 AND revoked_at IS NULL
FOR UPDATE;

-- name: revoke
-- $1 terminal, $2 stream, $3 device. No row: there is nothing to revoke.
UPDATE device_account SET revoked_at = now()
WHERE terminal = $1 AND stream = $2 AND device = $3 AND revoked_at IS NULL
RETURNING client_id;

-- name: end_credentials
-- $1 terminal, $2 stream, $3 device, $4 after this interval; those that end sooner do so all the same
UPDATE device_credential SET ends_at = least(ends_at, now() + $4::interval)
WHERE terminal = $1 AND stream = $2 AND device = $3;

-- name: count_credentials
-- $1 terminal, $2 stream, $3 device
SELECT count(*) FROM device_credential WHERE terminal = $1 AND stream = $2 AND device = $3;

-- name: add_credential
-- $1 username, $2 terminal, $3 stream, $4 device, $5 hash of the password
INSERT INTO device_credential (username, terminal, stream, device, password_hash) VALUES ($1, $2, $3, $4, $5);

-- name: names_in_force
SELECT terminal, stream, device FROM device_account WHERE revoked_at IS NULL;

-- name: in_force
SELECT c.username, a.client_id, c.password_hash, c.terminal, c.stream, c.device
FROM device_credential c JOIN device_account a USING (terminal, stream, device)
WHERE a.revoked_at IS NULL AND (c.ends_at IS NULL OR c.ends_at > now())
ORDER BY c.terminal, c.stream, c.device, c.added_at;

-- name: accounts
-- $1 terminal or null
SELECT a.terminal, a.stream, a.device, coalesce(d.type, a.type) AS type, a.owner, a.added_at, a.revoked_at,
       n.last_received_at AS last_seen_at,
       coalesce(array_agg(c.username ORDER BY c.added_at) FILTER (
           WHERE a.revoked_at IS NULL AND (c.ends_at IS NULL OR c.ends_at > now())), '{}') AS usernames
FROM device_account a
LEFT JOIN device_credential c USING (terminal, stream, device)
LEFT JOIN device d USING (terminal, stream, device)
LEFT JOIN device_count n USING (device_id)
WHERE $1::text IS NULL OR a.terminal = $1
GROUP BY a.terminal, a.stream, a.device, d.type, n.last_received_at
ORDER BY a.terminal, a.stream, a.device;
