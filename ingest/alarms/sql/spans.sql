-- Facts as spans in which a condition holds; spans.py fills them in.
-- $1 devices, or terminal; $2 spans that end at or after this time; $3 values of `only`.

-- name: of_devices
SELECT device_id, {begin}, {end} FROM {table}
WHERE device_id = ANY($1::int[]) AND {begin} IS NOT NULL AND {until} >= $2 AND ($3::text[] IS NULL OR {only} = ANY($3));

-- name: of_terminal
SELECT {subject}, {begin}, {end} FROM {table}
WHERE terminal = $1 AND {begin} IS NOT NULL AND {until} >= $2 AND ($3::text[] IS NULL OR {only} = ANY($3))
  AND ($4::text[] IS NULL OR {subject} = ANY($4));

-- name: levels
-- From the last time before $2 at which the level was not high: $1 devices, $3 name, $4 below it is not high.
SELECT d.device_id, l.time, l.value FROM unnest($1::int[]) d (device_id)
CROSS JOIN LATERAL (
    SELECT time, value FROM device_level x
    WHERE x.device_id = d.device_id AND x.name = $3 AND x.time >= coalesce((
        SELECT y.time FROM device_level y
        WHERE y.device_id = d.device_id AND y.name = $3 AND y.time < $2 AND y.value < $4
        ORDER BY y.time DESC LIMIT 1), '-infinity')
    ORDER BY x.time
) l
ORDER BY d.device_id, l.time;

-- name: kpis
-- Stretches of samples on the same side of both limits, so that a reader keeps changes and not samples: $1 terminal,
-- $2 KPI, $3 window, $4 since when of all subjects, null: of none, but $8 since $9; $5 below it is too low, $6 from there
-- on it is well, $7 a sample counts for so long.
WITH asked AS (
    SELECT subject, time, value FROM kpi_sample
    WHERE terminal = $1 AND kpi = $2 AND "window" = $3 AND time >= $4::timestamptz AND subject <> ALL($8::text[])
    UNION ALL
    SELECT s.subject, s.time, s.value FROM unnest($8::text[], $9::timestamptz[]) a (subject, since)
    JOIN kpi_sample s ON s.terminal = $1 AND s.kpi = $2 AND s.subject = a.subject AND s."window" = $3 AND s.time >= a.since
), sided AS (
    SELECT subject, time, value,
           CASE WHEN value < $5::float8 THEN 'low' WHEN value < $6::float8 THEN 'between' ELSE 'well' END AS side
    FROM asked
), beside AS (
    SELECT *, coalesce(lead(time) OVER one, 'infinity') AS next,
           side IS DISTINCT FROM lag(side) OVER one OR time > lag(time) OVER one + $7::interval AS begins
    FROM sided WINDOW one AS (PARTITION BY subject ORDER BY time)
), numbered AS (
    SELECT *, count(*) FILTER (WHERE begins) OVER (PARTITION BY subject ORDER BY time) AS number FROM beside
)
SELECT subject, min(time) AS began, least(max(time) + $7::interval, max(next)) AS ended, min(value) AS value
FROM numbered GROUP BY subject, number ORDER BY subject, number;

-- name: silences
-- Silence that has ended at or after $2, and that has lasted since before $3: of devices $1 of a stream $4, with levels
-- $5, $6 and $7 as they were when it began.
SELECT s.device_id, s.began, s.ended, u.value AS unless, n.value AS needs, l.value AS limit_min FROM (
    SELECT device_id, began_at AS began, {end} AS ended FROM {table} WHERE device_id = ANY($1::int[]) AND {end} >= $2
    UNION ALL
    SELECT device_id, last_time, NULL FROM device_count WHERE device_id = ANY($1::int[]) AND last_time <= $3
) s
JOIN device d ON d.device_id = s.device_id AND d.stream = $4
LEFT JOIN LATERAL (SELECT value FROM device_level x WHERE x.device_id = s.device_id AND x.name = $5 AND x.time <= s.began
                   ORDER BY x.time DESC LIMIT 1) u ON true
LEFT JOIN LATERAL (SELECT value FROM device_level x WHERE x.device_id = s.device_id AND x.name = $6 AND x.time <= s.began
                   ORDER BY x.time DESC LIMIT 1) n ON true
LEFT JOIN LATERAL (SELECT value FROM device_level x WHERE x.device_id = s.device_id AND x.name = $7 AND x.time <= s.began
                   ORDER BY x.time DESC LIMIT 1) l ON true
ORDER BY s.device_id, s.began;

-- name: measured
-- Few rows: they stand for changes across a limit. $1 terminal, $2 what.
SELECT subject, time, value FROM measured_level WHERE terminal = $1 AND name = $2 ORDER BY subject, time;

-- name: until
coalesce({end}, 'infinity')
