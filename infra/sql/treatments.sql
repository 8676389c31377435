-- name: treatments
-- $1 container, $2 terminal or null
SELECT terminal, container_id, began_at, until_at, logged_from, entries, head FROM treatment
WHERE container_id = $1 AND ($2::text IS NULL OR terminal = $2) ORDER BY terminal;

-- name: entries
-- $1 terminal, $2 container: the log, and the stored rows as text beside it. The LIMIT, here and wherever a row is looked
-- up by its key, has each one looked up by the index instead of joining the whole table.
SELECT l.number, l.time, l.seq, coalesce(d.device, l.device_id::text) AS device, l.row_hash, l.chain_hash, r.canonical
FROM treatment_log l LEFT JOIN device d USING (device_id)
LEFT JOIN LATERAL (
    SELECT jsonb_strip_nulls(to_jsonb(s))::text AS canonical FROM {table} s
    WHERE s.device_id = l.device_id AND s.time = l.time AND s.seq = l.seq LIMIT 1
) r ON true
WHERE l.terminal = $1 AND l.container_id = $2 ORDER BY l.number;

-- name: kept_since
-- Where the oldest part of the table begins: what is older was dropped with its time.
SELECT min(range_start) FROM timescaledb_information.chunks WHERE hypertable_name = $1;

-- name: unlogged
-- Stored rows of a container that its log lacks: $1 terminal, $2 container, $3 beginning, $4 end, $5 most.
-- A row that names no container belongs to the one that its plug named last.
WITH plug AS (
    SELECT DISTINCT r.device_id FROM {table} r JOIN device d USING (device_id)
    WHERE d.terminal = $1 AND r.container_id = $2 AND r.time >= $3::timestamptz - interval '7 days' AND r.time <= $4
), stays AS (
    SELECT r.device_id, r.time, r.seq, r.container_id,
           count(r.container_id) OVER (PARTITION BY r.device_id ORDER BY r.time, r.seq) AS stay
    FROM plug CROSS JOIN LATERAL (  -- plug by plug, by the index: OFFSET 0 keeps it from being one join
        SELECT s.device_id, s.time, s.seq, s.container_id FROM {table} s
        WHERE s.device_id = plug.device_id AND s.time >= $3::timestamptz - interval '7 days' AND s.time <= $4 OFFSET 0
    ) r
), held AS (
    SELECT device_id, time, seq,
           first_value(container_id) OVER (PARTITION BY device_id, stay ORDER BY time, seq) AS container_id
    FROM stays
)
SELECT h.device_id, h.time, h.seq, d.device FROM held h JOIN device d USING (device_id)
WHERE h.container_id = $2 AND h.time >= $3 AND NOT EXISTS (
    SELECT FROM treatment_log l WHERE l.terminal = $1 AND l.container_id = $2
    AND l.device_id = h.device_id AND l.time = h.time AND l.seq = h.seq)
ORDER BY h.time, h.device_id, h.seq LIMIT $5;
