-- name: slice
-- A COPY takes no parameters; these are numbers and times of ours.
SELECT {columns} FROM {table} WHERE device_id = ANY('{{{devices}}}') AND time >= '{begin}' AND time < '{end}'

-- name: next
SELECT min(s.time) FROM unnest($1::int[]) d (device_id)
CROSS JOIN LATERAL (
    SELECT time FROM {table} t WHERE t.device_id = d.device_id AND t.time >= $2 ORDER BY time LIMIT 1
) s;

-- name: any_before
SELECT EXISTS (SELECT 1 FROM {table} WHERE device_id = $1 AND time < $2);

-- name: first_of
SELECT time FROM {table} WHERE device_id = $1 ORDER BY time LIMIT 1;

-- name: with_any_before
SELECT d.device_id FROM device d
WHERE d.stream = $1 AND EXISTS (SELECT 1 FROM {table} s WHERE s.device_id = d.device_id AND s.time < $2);

-- name: known
SELECT {columns} FROM {table} WHERE device_id = $1 AND time >= $2 AND time < $3;

-- name: last_known
last({column}, (time, seq)) FILTER (WHERE {column} IS NOT NULL) AS {column}
