-- name: request
-- Runs are to be made again of treatments that readings may still belong to, or of all: $1; locked in the order in which
-- batches lock them.
UPDATE treatment t SET followed = -1 FROM (
    SELECT terminal, container_id FROM treatment WHERE withdrawn_at IS NULL AND ($1 OR until_at > now())
    ORDER BY terminal, container_id FOR UPDATE
) one
WHERE t.terminal = one.terminal AND t.container_id = one.container_id;

-- name: forget_problems
DELETE FROM treatment_problem;

-- name: next
SELECT terminal, container_id, announced, since FROM treatment_waiting ORDER BY since, terminal, container_id LIMIT 1;

-- name: treatment
SELECT * FROM treatment WHERE terminal = $1 AND container_id = $2 FOR UPDATE;

-- name: treatments
SELECT * FROM treatment WHERE terminal = ANY($1::text[]) AND withdrawn_at IS NULL ORDER BY terminal, container_id;

-- name: announced
SELECT {announced}, received_at FROM treatment_announcement WHERE terminal = $1 AND container_id = $2 FOR UPDATE;

-- name: take_over
-- $1 terminal, $2 container, $3 schedule, $4 beginning, $5 corrections, $6 announced, $7 end. Rows that are stored already
-- are not in the log yet.
INSERT INTO treatment AS t (terminal, container_id, schedule, began_at, corrections_degc, announced_at, until_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (terminal, container_id) DO UPDATE SET
    schedule = excluded.schedule, began_at = excluded.began_at, corrections_degc = excluded.corrections_degc,
    announced_at = excluded.announced_at, until_at = excluded.until_at, followed = -1, logged_from = NULL,
    withdrawn_at = NULL;

-- name: withdraw
UPDATE treatment SET withdrawn_at = now() WHERE terminal = $1 AND container_id = $2;

-- name: logged
UPDATE treatment SET logged_from = began_at WHERE terminal = $1 AND container_id = $2;

-- name: first_new
-- When the earliest reading was made of those that entered after an entry: $1 terminal, $2 container, $3 entry, $4 beginning,
-- $5 the last entry.
SELECT min(time) FROM treatment_log
WHERE terminal = $1 AND container_id = $2 AND number > $3 AND number <= $5 AND time >= $4;

-- name: readings
-- What probes read in the rows of a log, in order of event time: $1 terminal, $2 container, $3 first time, $4 behind this
-- entry, $5 the last entry. Rows that are stored no more are left out, and those of another box, as late rows show.
WITH entry AS (
    SELECT device_id, time, seq FROM treatment_log
    WHERE terminal = $1 AND container_id = $2 AND number > $4 AND number <= $5 AND time >= $3
), asked AS (
    SELECT device_id, min(time) AS first, max(time) AS last FROM entry GROUP BY device_id
), held AS ({held})
SELECT time, h.usda1_degc, h.usda2_degc, h.usda3_degc FROM entry JOIN held h USING (device_id, time, seq)
WHERE h.number = $2
ORDER BY time, device_id, seq;

-- name: dropped
-- Entries of a log, from a time on, whose rows were dropped for their age: $1 terminal, $2 container, $3 first time.
SELECT count(*) FROM treatment_log l
WHERE l.terminal = $1 AND l.container_id = $2 AND l.time >= $3 AND l.time < coalesce(({kept_since}), 'infinity');

-- name: runs
SELECT {selected} FROM {runs}
WHERE terminal = $1 AND container_id = $2 AND (began_at >= $3 OR ended_at IS NULL OR ended_at >= $3)
ORDER BY began_at;

-- name: followed
-- Where more readings belong to it than before, those that are stored already have to enter its log.
UPDATE treatment SET followed = $3, until_at = $4, runs_of = announced_at, logged_from = CASE WHEN $4 <= until_at THEN logged_from END
WHERE terminal = $1 AND container_id = $2;

-- name: keep
-- Runs stay as they are.
UPDATE treatment SET followed = entries WHERE terminal = $1 AND container_id = $2;

-- name: problem
-- $1 terminal, $2 container, $3 announced, $4 problem, $5 whether it may pass.
INSERT INTO treatment_problem (terminal, container_id, announced_at, problem, retry_at)
VALUES ($1, $2, $3, $4, CASE WHEN $5 THEN now() + interval '1 hour' END)
ON CONFLICT (terminal, container_id) DO UPDATE SET
    announced_at = excluded.announced_at, problem = excluded.problem, retry_at = excluded.retry_at;

-- name: no_problem
DELETE FROM treatment_problem WHERE terminal = $1 AND container_id = $2;

-- name: alarm_note
INSERT INTO alarm_note (terminal, fact, devices, since) VALUES ($1, $2, '{{}}', $3);
