-- name: watermarks
SELECT d.device_id, (extract(epoch FROM t.time) * 1000000)::bigint AS time_us, t.seq
FROM device d
CROSS JOIN LATERAL (
    SELECT time, seq FROM {table} s WHERE s.device_id = d.device_id ORDER BY time DESC, seq DESC LIMIT 1
) t
WHERE d.stream = $1;

-- name: last_seqs
SELECT d.device_id, t.boot, t.seq
FROM device d
CROSS JOIN LATERAL (
    SELECT boot, seq FROM {table} s WHERE s.device_id = d.device_id ORDER BY time DESC, seq DESC LIMIT 1
) t
WHERE d.stream = $1;

-- name: last_minute
SELECT terminal, (extract(epoch FROM max(time)) * 1000000)::bigint AS minute_us FROM kpi_sample
WHERE time > now() - interval '7 days' GROUP BY terminal;
