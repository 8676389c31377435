-- What names no terminal (an unknown topic) concerns whoever looks, so it is listed and counted for every terminal.

-- name: quarantine
-- $1 terminal or null, $2 reason or null, $3 limit
SELECT id, received_at, topic, reason, detail, terminal, stream, device,
       substring(payload FROM 1 FOR 1000) AS payload, octet_length(payload) AS payload_bytes
FROM v_quarantine
WHERE ($1::text IS NULL OR terminal = $1 OR terminal IS NULL) AND ($2::text IS NULL OR reason = $2)
ORDER BY received_at DESC, id DESC
LIMIT $3;

-- name: quarantine_by_reason
-- $1 terminal or null
SELECT reason, count(*)
FROM v_quarantine
WHERE $1::text IS NULL OR terminal = $1 OR terminal IS NULL
GROUP BY reason
ORDER BY reason;

-- name: quarantine_since
-- $1 terminal, $2 id: how many came after it, and the newest id now
SELECT count(*) FILTER (WHERE terminal = $1 OR terminal IS NULL), max(id)
FROM v_quarantine
WHERE id > $2;
