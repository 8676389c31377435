-- name: kpi_history
-- $1 terminal, $2 kpi, $3 subject, $4 window, $5 from, $6 to, $7 step [s]
SELECT time_bucket(make_interval(secs => $7::int), time) AS bucket, last(value, time) AS value
FROM v_kpi
WHERE terminal = $1 AND kpi = $2 AND subject = $3 AND "window" = $4 AND time >= $5 AND time < $6
GROUP BY bucket
ORDER BY bucket;

-- name: kpi_windows
-- $1 terminal, $2 kpi, $3 subject
SELECT w FROM unnest(ARRAY['PT1H', 'shift', 'day', 'call', 'now']) AS w
WHERE EXISTS (SELECT 1 FROM v_kpi WHERE terminal = $1 AND kpi = $2 AND subject = $3 AND "window" = w);
