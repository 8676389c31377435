-- name: request
-- Runs are to be made again of treatments that readings may still belong to, or of all: $1.
UPDATE treatment SET followed = -1 WHERE $1 OR until_at > now();

-- name: next
SELECT terminal, container_id FROM treatment
WHERE followed <> entries OR logged_from IS NULL OR logged_from > began_at
ORDER BY announced_at, terminal, container_id LIMIT 1;

-- name: treatment
SELECT * FROM treatment WHERE terminal = $1 AND container_id = $2 FOR UPDATE;

-- name: treatments
SELECT * FROM treatment WHERE terminal = ANY($1::text[]) ORDER BY terminal, container_id;

-- name: logged
UPDATE treatment SET logged_from = began_at WHERE terminal = $1 AND container_id = $2;

-- name: readings
-- What probes read in the rows of a log after an entry, in order of event time: $1 terminal, $2 container, $3 entry,
-- $4 beginning. Rows that are stored no more are left out.
SELECT r.time, r.usda1_degc, r.usda2_degc, r.usda3_degc FROM treatment_log l
CROSS JOIN LATERAL (
    SELECT * FROM {table} s WHERE s.device_id = l.device_id AND s.time = l.time AND s.seq = l.seq LIMIT 1
) r
WHERE l.terminal = $1 AND l.container_id = $2 AND l.number > $3 AND l.time >= $4
ORDER BY l.time, l.device_id, l.seq;

-- name: runs
SELECT {selected} FROM {runs}
WHERE terminal = $1 AND container_id = $2 AND (began_at >= $3 OR ended_at IS NULL OR ended_at >= $3)
ORDER BY began_at;

-- name: followed
-- Where more readings belong to it than before, those that are stored already have to enter its log.
UPDATE treatment SET followed = $3, until_at = $4, logged_from = CASE WHEN $4 <= until_at THEN logged_from END
WHERE terminal = $1 AND container_id = $2;

-- name: skip
UPDATE treatment SET followed = entries, logged_from = coalesce(least(logged_from, began_at), began_at)
WHERE terminal = $1 AND container_id = $2;

-- name: alarm_note
INSERT INTO alarm_note (due_at, terminal, fact, devices, since) VALUES (now(), $1, $2, '{{}}', $3);
