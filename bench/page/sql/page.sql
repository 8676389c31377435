-- name: commit_times
ALTER SYSTEM SET track_commit_timestamp = on;

-- name: newest
-- How far the newest sample of a terminal's cranes is behind the clock [s].
SELECT extract(epoch FROM now() - max(time))::float8 FROM crane_telemetry JOIN device USING (device_id)
WHERE terminal = %s;

-- name: committed
-- When the transaction committed that wrote a move last [µs since 1970 UTC]. The API writes times in milliseconds.
SELECT (extract(epoch FROM pg_xact_commit_timestamp(move.xmin)) * 1e6)::bigint
FROM crane_move move JOIN device USING (device_id)
WHERE terminal = %s AND device = %s AND date_trunc('milliseconds', locked_at) = %s;
