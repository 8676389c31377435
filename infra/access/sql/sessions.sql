-- name: all
SELECT token_hash, key_id, user_name, ends_at FROM api_session WHERE ends_at > now();

-- name: remove_ended
DELETE FROM api_session WHERE ends_at <= now();

-- name: begin_with_key
-- $1 hash of the token, $2 interval until it ends, $3 id of the key
INSERT INTO api_session (token_hash, ends_at, key_id) VALUES ($1, now() + $2::interval, $3) RETURNING ends_at;

-- name: begin_with_user
-- $1 hash of the token, $2 interval until it ends, $3 name, $4 hash of the password that was compared. No row: it is
-- another one by now, or the user is disabled. The lock lets a change of password see this session, and end it.
WITH of_user AS (
    SELECT name FROM api_user WHERE name = $3 AND password_hash = $4 AND disabled_at IS NULL FOR SHARE
)
INSERT INTO api_session (token_hash, ends_at, user_name) SELECT $1, now() + $2::interval, name FROM of_user
RETURNING ends_at;

-- name: end
-- $1 hash of the token
DELETE FROM api_session WHERE token_hash = $1;
