-- name: kpi_history
-- $1 terminal, $2 kpi, $3 subject, $4 from, $5 to, $6 step [s]
SELECT time_bucket(make_interval(secs => $6::int), time) AS bucket, last(value, time) AS value
FROM v_kpi
WHERE terminal = $1 AND kpi = $2 AND subject = $3 AND time >= $4 AND time < $5
GROUP BY bucket
ORDER BY bucket;
