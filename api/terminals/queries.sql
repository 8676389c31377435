-- Columns stand in the order of the first fields of the answer.

-- name: terminals
SELECT d.terminal, count(*), max(n.last_received_at)
FROM device d
LEFT JOIN device_count n USING (device_id)
GROUP BY d.terminal
ORDER BY d.terminal;
