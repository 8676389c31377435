-- name: conflicts
-- By device and signal how many values new rows have added to one that the same time had already, among samples without
-- seq: $1 device ids, $2 times, $3 seqs of the new rows, $4 and $5 the first and the last time, for the planner.
WITH fresh AS (SELECT * FROM unnest($1::int[], $2::timestamptz[], $3::bigint[]) AS k (device_id, time, seq)),
row AS (
    SELECT t.device_id, t.time, to_jsonb(t) AS held, f.seq IS NOT NULL AS is_new
    FROM {table} t
    JOIN (SELECT DISTINCT device_id, time FROM fresh) k USING (device_id, time)
    LEFT JOIN fresh f USING (device_id, time, seq)
    WHERE t.seq < 0 AND t.time BETWEEN $4 AND $5
),
value AS (
    SELECT row.device_id, row.time, v.key AS signal, count(DISTINCT v.value) AS now,
           count(DISTINCT v.value) FILTER (WHERE NOT row.is_new) AS before
    FROM row CROSS JOIN LATERAL jsonb_each(row.held) v
    WHERE v.value <> 'null' AND v.key NOT IN ('time', 'device_id', 'seq', 'received_at', 'boot', 'extra')
    GROUP BY 1, 2, 3
)
SELECT device_id, signal, sum(now - greatest(before, 1))::bigint AS added
FROM value WHERE now > greatest(before, 1) GROUP BY 1, 2;
