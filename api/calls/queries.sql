-- `call_columns` and `call_rows` are those of infra/sql/history.sql.

-- name: calls
-- $1 terminal or null, $2 from, $3 to, $4 limit; those that last at some time of the span: up to the last line, without
-- one for 96 hours
SELECT {call_columns}, c.received_at, c.payload::text AS payload
FROM {call_rows}
WHERE ($1::text IS NULL OR c.terminal = $1) AND begin_at < $3
  AND greatest(begin_at, coalesce(last_line_at, begin_at + interval '96 hours')) >= $2
ORDER BY begin_at DESC, c.terminal, c.call_id
LIMIT $4;

-- name: call
-- $1 terminal, $2 call id
SELECT {call_columns}, c.received_at, c.payload::text AS payload
FROM {call_rows}
WHERE c.terminal = $1 AND c.call_id = $2;

-- name: call_is
-- $1 terminal, $2 call id, $3 payload
SELECT 1 FROM vessel_call WHERE terminal = $1 AND call_id = $2 AND payload = $3::jsonb;

-- name: cranes_seen
-- $1 terminal or null
SELECT terminal, device FROM device WHERE stream = 'crane' AND ($1::text IS NULL OR terminal = $1);
