-- name: add
-- $1 id, $2 name, $3 role, $4 terminal or null, $5 hash, $6 interval until it expires, or null
INSERT INTO api_key (id, name, role, terminal, key_hash, expires_at)
VALUES ($1, $2, $3, $4, $5, now() + $6::interval);

-- name: revoke
-- $1 id. No row: there is nothing to revoke. Its sessions end with it.
UPDATE api_key SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL RETURNING name;

-- name: all
SELECT id, name, role, terminal, key_hash, added_at, expires_at, revoked_at, last_used_at
FROM api_key ORDER BY added_at, id;

-- name: used
-- $1 ids, $2 when each was used last
UPDATE api_key k SET last_used_at = greatest(k.last_used_at, u.at)
FROM unnest($1::text[], $2::timestamptz[]) AS u (id, at)
WHERE k.id = u.id;
