-- Columns of `audit` stand in the order of the fields of the answer.

-- name: audit
-- $1 terminal or null, $2 entries before this one or null, $3 limit
SELECT id, at, terminal, principal, action, subject, before::text AS before, after::text AS after
FROM audit
WHERE ($1::text IS NULL OR terminal = $1) AND ($2::bigint IS NULL OR id < $2)
ORDER BY id DESC
LIMIT $3;
