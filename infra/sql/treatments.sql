-- name: held
-- Which box the rows of plugs `asked` (device_id, first, last) are of, by its number; NULL: of none. Who says so are stored
-- facts: `reefer_on_plug`, `reefer_box`, infra/migrations/0041_reefer_boxes.sql.
SELECT r.device_id, r.time, r.seq, r.usda1_degc, r.usda2_degc, r.usda3_degc,
       reefer_box(r.named, on_plug.container_id) AS number
FROM asked
CROSS JOIN LATERAL (  -- plug by plug, by the index: OFFSET 0 keeps it from being one join
    SELECT s.device_id, s.time, s.seq, s.usda1_degc, s.usda2_degc, s.usda3_degc, s.container_id AS named
    FROM {table} s WHERE s.device_id = asked.device_id AND s.time >= asked.first AND s.time <= asked.last OFFSET 0
) r
LEFT JOIN LATERAL reefer_on_plug(r.device_id, r.time) on_plug ON true

-- name: treatments
-- $1 container, $2 terminal or null
SELECT terminal, container_id, began_at, until_at, logged_from, entries, head, withdrawn_at, corrections_degc FROM treatment
WHERE container_id = $1 AND ($2::text IS NULL OR terminal = $2) ORDER BY terminal;

-- name: entries
-- $1 terminal, $2 container, $3 an entry or null, $4 most: entries behind that one, the stored rows as text beside them, and
-- whether they count as readings of the container. The LIMIT in the middle, here and wherever a row is looked up by its key, has each one looked up by the index instead of
-- joining the whole table.
SELECT l.number, l.device_id, l.time, l.seq, coalesce(d.device, l.device_id::text) AS device, l.row_hash, l.chain_hash,
       r.canonical,
       r.canonical IS NOT NULL AND coalesce(reefer_box(r.named, on_plug.container_id) = l.container_id, false) AS counts,
       l.time < coalesce(({kept_since}), 'infinity') AS old
FROM treatment_log l LEFT JOIN device d USING (device_id)
LEFT JOIN LATERAL (
    SELECT jsonb_strip_nulls(to_jsonb(s))::text AS canonical, s.container_id AS named FROM {table} s
    WHERE s.device_id = l.device_id AND s.time = l.time AND s.seq = l.seq LIMIT 1
) r ON true
LEFT JOIN LATERAL reefer_on_plug(l.device_id, l.time) on_plug ON true
WHERE l.terminal = $1 AND l.container_id = $2 AND ($3::bigint IS NULL OR l.number > $3) ORDER BY l.number LIMIT $4;

-- name: kept_since
-- Where the oldest part of the table begins: what is older was dropped with its time; NULL: all was.
SELECT min(range_start) FROM timescaledb_information.chunks WHERE hypertable_name = '{table}'

-- name: unlogged
-- Stored rows of a container that its log lacks: $1 terminal, $2 container, $3 beginning, $4 end, $5 most. Of plugs that it
-- stood on, and that named it.
WITH stay AS (
    SELECT p.device_id, p.time, left_.time AS until FROM reefer_plug_change p JOIN device d USING (device_id)
    LEFT JOIN LATERAL (
        SELECT c.time FROM reefer_plug_change c
        WHERE c.device_id = p.device_id AND c.time > p.time ORDER BY c.time LIMIT 1
    ) left_ ON true
    WHERE d.terminal = $1 AND p.plugged AND container_number(p.container_id) = $2 AND p.time <= $4
      AND coalesce(left_.time, 'infinity') >= $3
), asked AS (
    SELECT device_id, greatest(min(first), $3::timestamptz) AS first, least(max(last), $4::timestamptz) AS last FROM (
        SELECT device_id, time AS first, coalesce(until, 'infinity') AS last FROM stay
        UNION ALL
        SELECT s.device_id, s.time, s.time FROM {table} s JOIN device d USING (device_id)
        WHERE d.terminal = $1 AND container_number(s.container_id) = $2 AND s.container_id IS NOT NULL
          AND s.time >= $3 AND s.time <= $4
    ) spans GROUP BY device_id
), held AS ({held})
SELECT h.device_id, h.time, h.seq, d.device FROM held h JOIN device d USING (device_id)
WHERE h.number = $2 AND NOT EXISTS (
    SELECT FROM treatment_log l WHERE l.terminal = $1 AND l.container_id = $2
    AND l.device_id = h.device_id AND l.time = h.time AND l.seq = h.seq)
ORDER BY h.time, h.device_id, h.seq LIMIT $5;
