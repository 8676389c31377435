-- name: of_device
SELECT device_id, time, seq, {columns} FROM {table}
WHERE device_id = $1 AND time >= $2 AND time < $3 ORDER BY time, seq;

-- name: of_all
SELECT device_id, time, seq, {columns} FROM {table} WHERE time >= $1 ORDER BY device_id, time, seq;

-- name: any_before
SELECT EXISTS (SELECT 1 FROM {table} WHERE device_id = $1 AND time < $2);

-- name: first_of
SELECT time FROM {table} WHERE device_id = $1 ORDER BY time LIMIT 1;

-- name: with_any_before
SELECT d.device_id FROM device d
WHERE d.stream = $1 AND EXISTS (SELECT 1 FROM {table} s WHERE s.device_id = d.device_id AND s.time < $2);

-- name: known
SELECT {columns} FROM {table} WHERE device_id = $1 AND time >= $2 AND time < $3;

-- name: known_one
SELECT {column} FROM {table} WHERE device_id = $1 AND time >= $2 AND time < $3 AND {column} IS NOT NULL
ORDER BY time DESC LIMIT 1;
