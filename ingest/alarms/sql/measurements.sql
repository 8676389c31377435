-- name: last
-- Whether what was measured is high: kept values are on the one side and the other in turns, the first one is high.
SELECT terminal, name, subject, count(*) % 2 = 1 AS high FROM measured_level GROUP BY terminal, name, subject;

-- name: counts
SELECT device_id, samples_received AS received, out_of_range + quarantined AS bad FROM device_count;

-- name: keep
INSERT INTO measured_level (terminal, name, subject, time, value) VALUES ($1, $2, $3, $4, $5);

-- name: note
INSERT INTO alarm_note (terminal, fact, devices, since) VALUES ($1, $2, $3, $4);
