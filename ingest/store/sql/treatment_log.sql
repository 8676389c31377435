-- name: containers
-- Under treatment, and until when readings belong to it; none whose readings are dropped already.
SELECT container_id, max(until_at) AS until_at FROM treatment
WHERE withdrawn_at IS NULL AND until_at >= coalesce(({kept_since}), '-infinity') GROUP BY container_id;

-- name: plugs
-- Plugs on which a container stood under its treatment: it need not name itself once more.
SELECT p.device_id, max(t.until_at) AS until_at FROM treatment t
JOIN reefer_plug_change p ON p.plugged AND container_number(p.container_id) = t.container_id
WHERE t.withdrawn_at IS NULL AND t.until_at >= coalesce(({kept_since}), '-infinity') AND NOT EXISTS (
    SELECT FROM reefer_plug_change c WHERE c.device_id = p.device_id AND c.time > p.time AND c.time <= t.began_at)
GROUP BY p.device_id;

-- name: held
-- Which box rows are of: $1 devices, $2 times, $3 seqs; without those of none.
WITH key AS (SELECT * FROM unnest($1::int[], $2::timestamptz[], $3::bigint[]) AS k (device_id, time, seq)),
asked AS (SELECT device_id, min(time) AS first, max(time) AS last FROM key GROUP BY device_id),
held AS ({held})
SELECT device_id, time, seq, h.number FROM key JOIN held h USING (device_id, time, seq) WHERE h.number IS NOT NULL;

-- name: relying
-- Treatments whose rows may be others now: $1 devices, $2 times, $3 containers that were plugged in or out there, or were
-- not as was found before. Of these containers, and of those whose log has rows behind it.
SELECT DISTINCT t.terminal, t.container_id
FROM unnest($1::int[], $2::timestamptz[], $3::text[]) AS c (device_id, time, container_id)
JOIN device d USING (device_id)
JOIN treatment t ON t.terminal = d.terminal AND t.until_at >= c.time AND t.withdrawn_at IS NULL
WHERE t.container_id = c.container_id OR EXISTS (
    SELECT FROM treatment_log l WHERE l.terminal = t.terminal AND l.container_id = t.container_id
    AND l.device_id = c.device_id AND l.time >= c.time);

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
