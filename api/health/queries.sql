-- name: ready
SELECT EXISTS (SELECT FROM device), EXISTS (SELECT FROM device_count);
