-- name: free
-- Whether a sample shows that its plug is free: no box is in it, and nothing draws power (processing/reefers/tracker.py).
s.plugged IS FALSE AND s.power_kw > {draws_kw} IS NOT TRUE AND s.compressor_on IS NOT TRUE

-- name: held
-- The one definition of which box a plug holds: the number that it named last; none, '', once it was free; NULL where
-- nothing is known. A row that names a box is of that box. For the rows of `asked` (device_id, first, last), with the
-- plug's last statement before, and the rows between.
SELECT device_id, time, seq, usda1_degc, usda2_degc, usda3_degc,
       coalesce(named, first_value(states) OVER (PARTITION BY device_id, stay ORDER BY time, seq)) AS number
FROM (
    SELECT r.*, count(r.states) OVER (PARTITION BY r.device_id ORDER BY r.time, r.seq) AS stay
    FROM asked
    CROSS JOIN LATERAL (
        SELECT coalesce((
            SELECT s.time FROM {table} s
            WHERE s.device_id = asked.device_id AND s.time < asked.first AND ({states}) IS NOT NULL
            ORDER BY s.time DESC LIMIT 1
        ), asked.first) AS since
    ) stated
    CROSS JOIN LATERAL (  -- plug by plug, by the index: OFFSET 0 keeps it from being one join
        SELECT s.device_id, s.time, s.seq, s.usda1_degc, s.usda2_degc, s.usda3_degc, {named} AS named, {states} AS states
        FROM {table} s WHERE s.device_id = asked.device_id AND s.time >= stated.since AND s.time <= asked.last OFFSET 0
    ) r
) stays

-- name: named
-- The number that a sample names, as it is compared.
nullif(container_number(s.container_id), '')

-- name: states
-- What a sample says of the rows behind it that name no box; NULL: nothing.
CASE WHEN {free} THEN '' ELSE {named} END

-- name: stated
-- What the last row of a plug before a time that says so says of the rows behind it: $1 device id, $2 time, $3 oldest time.
SELECT {states} AS number FROM {table} s
WHERE s.device_id = $1 AND s.time < $2 AND s.time >= $3 AND ({states}) IS NOT NULL ORDER BY s.time DESC, s.seq DESC LIMIT 1;

-- name: treatments
-- $1 container, $2 terminal or null
SELECT terminal, container_id, began_at, until_at, logged_from, entries, head, withdrawn_at, corrections_degc FROM treatment
WHERE container_id = $1 AND ($2::text IS NULL OR terminal = $2) ORDER BY terminal;

-- name: entries
-- $1 terminal, $2 container: the log, and the stored rows as text beside it. The LIMIT, here and wherever a row is looked
-- up by its key, has each one looked up by the index instead of joining the whole table.
SELECT l.number, l.time, l.seq, coalesce(d.device, l.device_id::text) AS device, l.row_hash, l.chain_hash, r.canonical,
       l.time < coalesce(({kept_since}), 'infinity') AS old
FROM treatment_log l LEFT JOIN device d USING (device_id)
LEFT JOIN LATERAL (
    SELECT jsonb_strip_nulls(to_jsonb(s))::text AS canonical FROM {table} s
    WHERE s.device_id = l.device_id AND s.time = l.time AND s.seq = l.seq LIMIT 1
) r ON true
WHERE l.terminal = $1 AND l.container_id = $2 ORDER BY l.number;

-- name: kept_since
-- Where the oldest part of the table begins: what is older was dropped with its time; NULL: all was.
SELECT min(range_start) FROM timescaledb_information.chunks WHERE hypertable_name = '{table}'

-- name: unlogged
-- Stored rows of a container that its log lacks: $1 terminal, $2 container, $3 beginning, $4 end, $5 most.
WITH asked AS (
    SELECT s.device_id, $3::timestamptz AS first, $4::timestamptz AS last FROM {table} s JOIN device d USING (device_id)
    WHERE d.terminal = $1 AND container_number(s.container_id) = $2 AND s.container_id IS NOT NULL AND s.time <= $4 GROUP BY s.device_id
), held AS ({held})
SELECT h.device_id, h.time, h.seq, d.device FROM held h JOIN device d USING (device_id)
WHERE h.number = $2 AND h.time >= $3 AND NOT EXISTS (
    SELECT FROM treatment_log l WHERE l.terminal = $1 AND l.container_id = $2
    AND l.device_id = h.device_id AND l.time = h.time AND l.seq = h.seq)
ORDER BY h.time, h.device_id, h.seq LIMIT $5;
