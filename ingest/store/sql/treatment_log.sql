-- name: containers
-- Under treatment, and until when readings belong to it; none whose readings are dropped already.
SELECT container_id, max(until_at) AS until_at FROM treatment
WHERE withdrawn_at IS NULL AND until_at >= coalesce(({kept_since}), '-infinity') GROUP BY container_id;

-- name: plugs
-- Plugs whose rows are in a log, one look into its index for each, and those that named a container last before its
-- treatment began: they need not name it once more.
WITH RECURSIVE treated AS (
    SELECT terminal, container_id, began_at, until_at FROM treatment
    WHERE withdrawn_at IS NULL AND until_at >= coalesce(({kept_since}), '-infinity')
), logged AS (
    SELECT t.terminal, t.container_id, t.until_at, one.device_id FROM treated t
    CROSS JOIN LATERAL (
        SELECT l.device_id FROM treatment_log l
        WHERE l.terminal = t.terminal AND l.container_id = t.container_id ORDER BY l.device_id LIMIT 1
    ) one
    UNION ALL
    SELECT p.terminal, p.container_id, p.until_at, other.device_id FROM logged p
    CROSS JOIN LATERAL (
        SELECT l.device_id FROM treatment_log l
        WHERE l.terminal = p.terminal AND l.container_id = p.container_id AND l.device_id > p.device_id
        ORDER BY l.device_id LIMIT 1
    ) other
)
SELECT device_id, max(until_at) AS until_at FROM (
    SELECT device_id, until_at FROM logged
    UNION ALL
    SELECT named.device_id, t.until_at FROM treated t
    CROSS JOIN LATERAL (
        SELECT s.device_id FROM {table} s
        WHERE s.container_id IS NOT NULL AND container_number(s.container_id) = t.container_id AND s.time < t.began_at
        ORDER BY s.time DESC LIMIT 1
    ) named
) found GROUP BY device_id;

-- name: held
-- Which box a plug held at rows: $1 devices, $2 times, $3 seqs; without those at which it held none, or none is known.
WITH key AS (SELECT * FROM unnest($1::int[], $2::timestamptz[], $3::bigint[]) AS k (device_id, time, seq)),
asked AS (SELECT device_id, min(time) AS first, max(time) AS last FROM key GROUP BY device_id),
held AS ({held})
SELECT device_id, time, seq, h.number FROM key JOIN held h USING (device_id, time, seq) WHERE h.number <> '';

-- name: relying
-- Treatments whose rows may be others now: late rows say that their plug holds something else than before, where the next
-- row names nothing itself.
-- $1 devices, $2 times, $3 seqs of late rows. Of the box that one names, and of those whose log has rows behind it.
WITH late AS (
    SELECT k.device_id, k.time, said.states
    FROM unnest($1::int[], $2::timestamptz[], $3::bigint[]) AS k (device_id, time, seq)
    CROSS JOIN LATERAL (
        SELECT {states} AS states FROM {table} s
        WHERE s.device_id = k.device_id AND s.time = k.time AND s.seq = k.seq LIMIT 1
    ) said
    CROSS JOIN LATERAL (
        SELECT {states} AS states FROM {table} s
        WHERE s.device_id = k.device_id AND s.time >= k.time AND (s.time, s.seq) > (k.time, k.seq)
        ORDER BY s.time, s.seq LIMIT 1
    ) following
    LEFT JOIN LATERAL (
        SELECT {states} AS states FROM {table} s
        WHERE s.device_id = k.device_id AND s.time <= k.time AND (s.time, s.seq) < (k.time, k.seq) AND ({states}) IS NOT NULL
        ORDER BY s.time DESC, s.seq DESC LIMIT 1
    ) before ON true
    WHERE said.states IS NOT NULL AND following.states IS NULL AND said.states IS DISTINCT FROM before.states
)
SELECT DISTINCT t.terminal, t.container_id FROM late JOIN device d USING (device_id)
JOIN treatment t ON t.terminal = d.terminal AND t.until_at >= late.time AND t.withdrawn_at IS NULL
WHERE t.container_id = late.states OR EXISTS (
    SELECT FROM treatment_log l WHERE l.terminal = t.terminal AND l.container_id = t.container_id
    AND l.device_id = late.device_id AND l.time >= late.time);

-- name: rows
-- Stored rows that belong to a treatment and are not in its log, as text: $1 devices, $2 times, $3 seqs, $4 containers.
-- One that was removed by somebody and sent once more is there already; it must not keep its batch from being stored.
SELECT t.terminal, t.container_id, k.device_id, k.time, k.seq, r.canonical
FROM unnest($1::int[], $2::timestamptz[], $3::bigint[], $4::text[]) AS k (device_id, time, seq, container_id)
JOIN device d ON d.device_id = k.device_id
JOIN treatment t ON t.terminal = d.terminal AND t.container_id = k.container_id
    AND k.time >= t.began_at AND k.time <= t.until_at AND t.withdrawn_at IS NULL
CROSS JOIN LATERAL (
    SELECT jsonb_strip_nulls(to_jsonb(s))::text AS canonical FROM {table} s
    WHERE s.device_id = k.device_id AND s.time = k.time AND s.seq = k.seq LIMIT 1
) r
WHERE NOT EXISTS (
    SELECT FROM treatment_log l WHERE l.terminal = t.terminal AND l.container_id = t.container_id
    AND l.device_id = k.device_id AND l.time = k.time AND l.seq = k.seq)
ORDER BY t.terminal, t.container_id, k.time, k.device_id, k.seq;

-- name: heads
-- All that a transaction changes, locked in one order. The log itself says how many entries it has: one that somebody has
-- changed goes on behind them.
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

-- name: take_in
-- Rows that are stored already may belong to it, or no more.
UPDATE treatment SET logged_from = NULL, followed = -1 WHERE terminal = $1 AND container_id = $2;
