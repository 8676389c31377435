-- name: add
-- $1 name, $2 role, $3 terminal or null, $4 hash. No row: there is one of that name, who is not disabled.
INSERT INTO api_user (name, role, terminal, password_hash) VALUES ($1, $2, $3, $4)
ON CONFLICT (lower(name)) DO UPDATE
SET role = excluded.role, terminal = excluded.terminal, password_hash = excluded.password_hash,
    password_set_at = now(), disabled_at = NULL
WHERE api_user.disabled_at IS NOT NULL
RETURNING name;

-- name: set_password
-- $1 name, $2 hash. No row: there is none in force.
UPDATE api_user SET password_hash = $2, password_set_at = now()
WHERE lower(name) = lower($1) AND disabled_at IS NULL RETURNING name;

-- name: set_role
-- $1 name, $2 role, $3 terminal or null
UPDATE api_user SET role = $2, terminal = $3
WHERE lower(name) = lower($1) AND disabled_at IS NULL RETURNING name;

-- name: disable
-- $1 name
UPDATE api_user SET disabled_at = now() WHERE lower(name) = lower($1) AND disabled_at IS NULL RETURNING name;

-- name: all
SELECT name, role, terminal, password_hash, added_at, password_set_at, disabled_at, last_used_at
FROM api_user ORDER BY lower(name);

-- name: used
-- $1 names, $2 when each asked last
UPDATE api_user o SET last_used_at = greatest(o.last_used_at, u.at)
FROM unnest($1::text[], $2::timestamptz[]) AS u (name, at)
WHERE o.name = u.name;

-- name: note_login
-- $1 name, $2 whether it succeeded, $3 address that it came from
SELECT note_audit(terminal, CASE WHEN $2::boolean THEN 'login.succeeded' ELSE 'login.failed' END, name, NULL,
                  jsonb_build_object('address', $3::text))
FROM api_user WHERE name = $1;

-- name: lock
-- Nobody adds a key or a user meanwhile.
LOCK TABLE api_key, api_user IN SHARE ROW EXCLUSIVE MODE;

-- name: nobody
SELECT NOT EXISTS (SELECT FROM api_key WHERE revoked_at IS NULL)
   AND NOT EXISTS (SELECT FROM api_user WHERE disabled_at IS NULL);
