-- name: containers
SELECT DISTINCT container_id FROM treatment;

-- name: plugs
-- Plugs whose rows are in a log, one look into its index for each, and those that named a container last before its
-- treatment began: they need not name it once more.
WITH RECURSIVE logged AS (
    SELECT t.terminal, t.container_id, one.device_id FROM treatment t
    CROSS JOIN LATERAL (
        SELECT l.device_id FROM treatment_log l
        WHERE l.terminal = t.terminal AND l.container_id = t.container_id ORDER BY l.device_id LIMIT 1
    ) one
    UNION ALL
    SELECT p.terminal, p.container_id, other.device_id FROM logged p
    CROSS JOIN LATERAL (
        SELECT l.device_id FROM treatment_log l
        WHERE l.terminal = p.terminal AND l.container_id = p.container_id AND l.device_id > p.device_id
        ORDER BY l.device_id LIMIT 1
    ) other
)
SELECT device_id FROM logged
UNION
SELECT named.device_id FROM treatment t
CROSS JOIN LATERAL (
    SELECT s.device_id FROM {table} s
    WHERE s.container_id = t.container_id AND s.time < t.began_at AND s.time >= t.began_at - interval '7 days'
    ORDER BY s.time DESC LIMIT 1
) named;

-- name: held
-- Which container a plug held at rows that name none: $1 devices, $2 times, $3 seqs.
SELECT k.device_id, k.time, k.seq, b.container_id
FROM unnest($1::int[], $2::timestamptz[], $3::bigint[]) AS k (device_id, time, seq)
CROSS JOIN LATERAL (
    SELECT r.container_id FROM {table} r
    WHERE r.device_id = k.device_id AND r.container_id IS NOT NULL AND r.time <= k.time
      AND (r.time, r.seq) < (k.time, k.seq)
    ORDER BY r.time DESC, r.seq DESC LIMIT 1
) b;

-- name: rows
-- Stored rows that belong to a treatment and are not in its log, as text: $1 devices, $2 times, $3 seqs, $4 containers.
-- One that was removed by somebody and sent once more is there already; it must not keep its batch from being stored.
SELECT t.terminal, t.container_id, k.device_id, k.time, k.seq, r.canonical
FROM unnest($1::int[], $2::timestamptz[], $3::bigint[], $4::text[]) AS k (device_id, time, seq, container_id)
JOIN device d ON d.device_id = k.device_id
JOIN treatment t ON t.terminal = d.terminal AND t.container_id = k.container_id
    AND k.time >= t.began_at AND k.time <= t.until_at
CROSS JOIN LATERAL (
    SELECT jsonb_strip_nulls(to_jsonb(s))::text AS canonical FROM {table} s
    WHERE s.device_id = k.device_id AND s.time = k.time AND s.seq = k.seq LIMIT 1
) r
WHERE NOT EXISTS (
    SELECT FROM treatment_log l WHERE l.terminal = t.terminal AND l.container_id = t.container_id
    AND l.device_id = k.device_id AND l.time = k.time AND l.seq = k.seq)
ORDER BY t.terminal, t.container_id, k.time, k.device_id, k.seq;

-- name: heads
-- The log itself says how many entries it has: one that somebody has changed goes on behind them.
SELECT terminal, container_id, head, greatest(entries, coalesce((
    SELECT max(number) FROM treatment_log l WHERE l.terminal = t.terminal AND l.container_id = t.container_id
), 0)) AS entries
FROM treatment t
WHERE (terminal, container_id) IN (SELECT * FROM unnest($1::text[], $2::text[]))
ORDER BY terminal, container_id FOR UPDATE OF t;

-- name: entry
INSERT INTO treatment_log (terminal, container_id, number, device_id, time, seq, row_hash, chain_hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: head
UPDATE treatment SET entries = $3, head = $4 WHERE terminal = $1 AND container_id = $2;
